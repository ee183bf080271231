/** Who you are: the guild's people, one press each; what else can be done with them is in their menus. */
import { html } from "../core/dom.js";
import { timedOutUntil } from "../core/permissions.js";
import { styled } from "../core/time.js";
import { Avatar } from "./avatar.js";
import { Language } from "./language.js";

/** "Moderator", or whatever the member's highest role is called; "member" without one. */
function standing(member, roles) {
  const held = member.roles.map((id) => roles.get(id)).filter(Boolean);
  held.sort((a, b) => (b.position ?? 0) - (a.position ?? 0));
  return held[0]?.name ?? "member";
}

/** Props: `state`, `onChoose(id)`, `onMember(id, anchor, invoker)` (asks for a member's menu), `onLocale(locale)`. */
export function People({ state, onChoose, onMember, onLocale }) {
  const { members, roles, me } = state;
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
      ${people.map((member) => {
        const until = timedOutUntil(state, member);
        const role = standing(member, roles);
        return html`<label key=${member.id} class="person" onContextMenu=${(event) => menu(member.id, event)}
          title="Be ${member.display_name} (${until ? `timed out until ${styled(until, "f")}` : role})">
          <input type="radio" name="me" value=${member.id} checked=${member.id === me}
            onChange=${() => onChoose(member.id)} />
          <${Avatar} id=${member.id} name=${member.display_name} picture=${member.avatar_url} />
          <span class="person-name">${member.display_name}</span>
          <span class="person-role ${until ? "timed-out" : ""}">${until ? "timed out" : role}</span>
        </label>`;
      })}
    </div>
    <${Language} locale=${members.get(me).locale ?? "en-US"} onChoose=${onLocale} />
  </fieldset>`;
}
