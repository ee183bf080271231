/** Who you are: the guild's people, one press each; what else can be done with them is in their menus. */
import { html } from "../core/dom.js";
import { Avatar } from "./avatar.js";
import { Language } from "./language.js";

/** "moderator", "administrator", or what the member's highest role is called; "member" without one. */
function standing(member, roles) {
  const held = member.roles.map((id) => roles.get(id)).filter(Boolean);
  held.sort((a, b) => (b.position ?? 0) - (a.position ?? 0));
  return held[0]?.name ?? "member";
}

/**
 * Props: `members`, `roles` (Maps), `me`, `onChoose(id)`, `onMember(id, anchor, invoker)` (asks for a member's menu),
 * `onLocale(locale)`.
 */
export function People({ members, roles, me, onChoose, onMember, onLocale }) {
  const menu = (id, event) => {
    event.preventDefault();
    const { clientX: x, clientY: y, currentTarget: face } = event;
    const anchor = x || y ? new DOMRect(x, y, 0, 0) : face.getBoundingClientRect();
    onMember(id, anchor, face.querySelector("input"));
  };
  const people = [...members.values()].filter((member) => !member.bot);
  return html`<fieldset class="people">
    <legend>You are</legend>
    <div class="faces">
      ${people.map(
        (
          member,
        ) => html`<label key=${member.id} class="person" onContextMenu=${(event) => menu(member.id, event)}
          title="Be ${member.display_name} (${standing(member, roles)})">
          <input type="radio" name="me" value=${member.id} checked=${member.id === me}
            onChange=${() => onChoose(member.id)} />
          <${Avatar} id=${member.id} name=${member.display_name} picture=${member.avatar_url} />
          <span class="person-name">${member.display_name}</span>
          <span class="person-role">${standing(member, roles)}</span>
        </label>`,
      )}
    </div>
    <${Language} locale=${members.get(me).locale ?? "en-US"} onChoose=${onLocale} />
  </fieldset>`;
}
