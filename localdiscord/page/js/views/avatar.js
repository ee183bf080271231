/** A face: the picture, or the first letter on a steady colour when there is none or it can't be had. */
import { Component, html } from "../core/dom.js";
import { faceColour } from "../core/directory.js";

/** Props: `id`, `name`, `picture` (address or null), `class`. */
export class Avatar extends Component {
  componentWillReceiveProps(next) {
    if (next.picture !== this.props.picture) this.setState({ broken: false });
  }

  render({ id, name, picture, class: className = "" }, { broken }) {
    if (picture && !broken) {
      return html`<img class="avatar ${className}" src=${picture} alt="" loading="lazy" decoding="async"
        onError=${() => this.setState({ broken: true })} />`;
    }
    const letter = [...name.trim()][0] ?? "?";
    return html`<span class="avatar letter ${className}" style=${{ backgroundColor: faceColour(id) }}
      aria-hidden="true">${letter.toUpperCase()}</span>`;
  }
}
