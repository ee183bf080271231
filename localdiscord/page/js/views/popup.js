/** A small surface beside what opened it: closes on Escape, on a press outside, and gives the focus back. */
import { Component, html } from "../core/dom.js";
import { beside } from "../core/a11y.js";

/** Props: `anchor` (DOMRect), `invoker` (element to give the focus back to), `onClose`, `class`, `label`, `role`. */
export class Popup extends Component {
  componentDidMount() {
    const { width, height } = this.base.getBoundingClientRect();
    const { left, top } = beside(this.props.anchor, { width, height });
    this.base.style.setProperty("--left", `${left}px`);
    this.base.style.setProperty("--top", `${top}px`);
    this.base.querySelector("[data-first]")?.focus();
    document.addEventListener("pointerdown", this.outside, true);
  }

  componentWillUnmount() {
    document.removeEventListener("pointerdown", this.outside, true);
    const held = document.activeElement === document.body || this.base.contains(document.activeElement);
    if (held && this.props.invoker?.isConnected) this.props.invoker.focus();
  }

  outside = (event) => {
    if (!this.base.contains(event.target)) this.props.onClose();
  };

  key = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.props.onClose();
    } else this.props.onKey?.(event);
  };

  render({ class: className, role, label, children }) {
    return html`<div class="popup ${className}" role=${role} aria-label=${label}
      onKeyDown=${this.key}>${children}</div>`;
  }
}
