/** Starts the page. */
import { html, render } from "./core/dom.js";
import { Session } from "./core/session.js";
import { App } from "./views/app.js";

render(html`<${App} session=${new Session()} />`, document.getElementById("app"));
