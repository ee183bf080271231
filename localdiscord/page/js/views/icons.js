/** Our own line icons, drawn on a 20-unit square; decoration only, so hidden from screen readers. */
import { html } from "../core/dom.js";

const PATHS = {
  forum: "M3 4.5h10v7H7l-3 2.5v-2.5H3zM15 7.5h2v7h-1V17l-3-2.5H9",
  text: "M8 3 6 17M14 3l-2 14M3.5 7.5h14M2.5 12.5h14",
  lock: "M5 9h10v7.5H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  back: "M11.5 4 5.5 10l6 6M6 10h10",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  reply: "M8 4.5 3.5 9 8 13.5M4 9h7c3.5 0 5.5 2 5.5 6",
  react: "M17 8.5a7.3 7.3 0 1 1-4.5-5M7 11.5c.7 1.4 1.7 2 3 2s2.3-.6 3-2M7.5 8h.01M12.5 8h.01M16 2v4M14 4h4",
  edit: "M4 16l.7-3.3L13 4.4l2.6 2.6-8.3 8.3zM11.5 6l2.5 2.5",
  trash: "M4 6h12M8 6V4h4v2M5.5 6l.7 10.5h7.6L14.5 6M8.5 9v4.5M11.5 9v4.5",
  link: "M8.5 11.5l3-3M9.5 6l1.5-1.5a3.2 3.2 0 0 1 4.5 4.5L14 10.5M10.5 14 9 15.5A3.2 3.2 0 0 1 4.5 11L6 9.5",
  copy: "M7 7h9v9H7zM4 13V4h9",
  send: "M3 10 17 3.5 13 17l-3-5.5zM10 11.5l7-8",
  plus: "M10 4v12M4 10h12",
  close: "M5 5l10 10M15 5 5 15",
  down: "M10 4v11M5.5 10.5 10 15l4.5-4.5",
  search: "M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM12.5 12.5 17 17",
  sun: "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.4 4.4l1 1M14.6 14.6l1 1M15.6 4.4l-1 1M5.4 14.6l-1 1",
  moon: "M16.5 11.5A7 7 0 0 1 8.5 3.5a7 7 0 1 0 8 8z",
  thread: "M4 5h12v8H9.5L6 16v-3H4z",
  file: "M5 3h7l3.5 3.5V17H5zM12 3v4h3.5",
  pin: "M7 3h6l-.7 5 2.2 3h-9l2.2-3zM10 11v6",
  slash: "M5 3.5h10A1.5 1.5 0 0 1 16.5 5v10a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 15V5A1.5 1.5 0 0 1 5 3.5zM12 6.5l-4 7",
  mail: "M3 5h14v10.5H3zM3.5 5.5 10 11l6.5-5.5",
  forward: "M12 4.5 16.5 9 12 13.5M16 9H9c-3.5 0-5.5 2-5.5 6",
  person: "M10 9.5a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM4 16.5c.5-3.5 2.8-5 6-5s5.5 1.5 6 5",
  info: "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15zM10 9v5M10 6.3h.01",
};

/** Props: `name` of the drawing. */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
}
