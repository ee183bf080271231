/** A moment in words, with the exact moment as its tooltip; relative ones stay true while you look. */
import { Component, html } from "../core/dom.js";
import { everySecond, exact, isShowable } from "../core/time.js";

/** Props: `at` in milliseconds, `format(at, now)` to words, `live` to renew them each second. */
export class Timestamp extends Component {
  constructor(props) {
    super(props);
    this.state = { words: this.words(props) };
  }

  words({ at, format }) {
    return isShowable(at) ? format(at, Date.now()) : "Invalid date";
  }

  componentDidMount() {
    if (this.props.live) this.stop = everySecond(() => this.renew());
  }

  componentWillReceiveProps(next) {
    this.setState({ words: this.words(next) });
  }

  componentWillUnmount() {
    this.stop?.();
  }

  renew() {
    const words = this.words(this.props);
    if (words !== this.state.words) this.setState({ words });
  }

  render({ at, class: className }, { words }) {
    const machine = isShowable(at) ? new Date(at).toISOString() : undefined;
    return html`<time class=${className} datetime=${machine} title=${exact(at)}>${words}</time>`;
  }
}
