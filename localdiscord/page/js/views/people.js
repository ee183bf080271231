/** Who you are: the guild's people, one press each. */
import { html } from "../core/dom.js";
import { Avatar } from "./avatar.js";

/** "moderator", "administrator", or what the member's highest role is called; "member" without one. */
function standing(member, roles) {
  const held = member.roles.map((id) => roles.get(id)).filter(Boolean);
  held.sort((a, b) => (b.position ?? 0) - (a.position ?? 0));
  return held[0]?.name ?? "member";
}

/** Props: `members`, `roles` (Maps), `me`, `onChoose(id)`. */
export function People({ members, roles, me, onChoose }) {
  const people = [...members.values()].filter((member) => !member.bot);
  return html`<fieldset class="people">
    <legend>You are</legend>
    <div class="faces">
      ${people.map(
        (
          member,
        ) => html`<label key=${member.id} class="person"
          title="Be ${member.display_name} (${standing(member, roles)})">
          <input type="radio" name="me" value=${member.id} checked=${member.id === me}
            onChange=${() => onChoose(member.id)} />
          <${Avatar} id=${member.id} name=${member.display_name} picture=${member.avatar_url} />
          <span class="person-name">${member.display_name}</span>
          <span class="person-role">${standing(member, roles)}</span>
        </label>`,
      )}
    </div>
  </fieldset>`;
}
