/**
 * The one door to the view library: Preact with htm's tagged templates.
 *
 * Everything shown goes through here as text or attributes; nothing in the page parses data as HTML.
 */
import { Component, h, render } from "../../vendor/preact.module.js";
import htm from "../../vendor/htm.module.js";

export { Component, render };
export { useEffect, useLayoutEffect, useMemo, useRef, useState } from "../../vendor/hooks.module.js";
export const html = htm.bind(h);

/** Join class names, leaving out what is false. */
export const classes = (...names) => names.filter(Boolean).join(" ");

/** A component that renders again only when one of its props is another value (compared with ===). */
export class Pure extends Component {
  shouldComponentUpdate(next, state) {
    if (state !== this.state) return true;
    for (const key in next) if (next[key] !== this.props[key]) return true;
    for (const key in this.props) if (!(key in next)) return true;
    return false;
  }
}
