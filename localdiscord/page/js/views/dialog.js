/** The browser's own modal dialog: it keeps the focus, closes on Escape and gives the focus back. */
import { Component, html } from "../core/dom.js";

/** Props: `title`, `class`, `onClose`, children. */
export class Dialog extends Component {
  componentDidMount() {
    this.base.showModal();
  }

  componentWillUnmount() {
    this.base.close(); // gives the focus back
  }

  press = (event) => {
    if (event.target === this.base) this.props.onClose();
  };

  render({ title, class: className = "", onClose, children }) {
    return html`<dialog class=${className} aria-label=${title} onClose=${onClose} onCancel=${onClose}
      onPointerDown=${this.press}>
      <div class="dialog-inner"><h2>${title}</h2>${children}</div>
    </dialog>`;
  }
}

/** A question with two answers. Props: `title`, `children`, `yes` (label), `onYes`, `onClose`. */
export function Confirm({ title, children, yes, onYes, onClose }) {
  const answer = () => {
    onClose();
    onYes();
  };
  return html`<${Dialog} title=${title} class="confirm" onClose=${onClose}>
    ${children}
    <div class="dialog-actions">
      <button type="button" class="button quiet" onClick=${onClose}>Cancel</button>
      <button type="button" class="button danger" autofocus onClick=${answer}>${yes}</button>
    </div>
  <//>`;
}
