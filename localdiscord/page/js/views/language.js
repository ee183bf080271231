/** The language in which one reads the bot. */
import { html } from "../core/dom.js";

// docs reference, Locales
const LOCALES =
  "en-US en-GB id da de es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko".split(
    " ",
  );

const nameIn = (locale) => {
  const name = new Intl.DisplayNames([locale], { type: "language" }).of(locale);
  return name[0].toLocaleUpperCase(locale) + name.slice(1);
};

/** Props: `locale` (as Discord names it), `onChoose(locale)`. */
export function Language({ locale, onChoose }) {
  return html`<label class="language" title="The language in which the bot answers you"><span>Language</span>
    <select class="select" value=${locale} onChange=${(event) => onChoose(event.target.value)}>
      ${LOCALES.map((each) => html`<option value=${each} lang=${each}>${nameIn(each)}</option>`)}
    </select></label>`;
}
