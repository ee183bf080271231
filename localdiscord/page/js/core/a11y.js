/** What makes the page usable without a mouse or without sight; knows no messages or channels. */

let region = null;

/** Say `sentence` to screen readers once they have finished what they are saying. */
export function announce(sentence) {
  if (!region) {
    region = document.createElement("div");
    region.className = "visually-hidden";
    region.setAttribute("aria-live", "polite");
    region.setAttribute("role", "status");
    region.setAttribute("aria-label", "Announcements");
    document.body.append(region);
  }
  const line = document.createElement("p");
  line.textContent = sentence;
  region.replaceChildren(line);
}

/** Handle arrow, Home and End keys among `items` laid out in `columns`; true when the key was one of them. */
export function moveFocus(event, items, columns = 1) {
  const index = items.indexOf(document.activeElement);
  const steps = { ArrowDown: columns, ArrowUp: -columns };
  if (columns > 1) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
  let target;
  if (event.key === "Home") target = 0;
  else if (event.key === "End") target = items.length - 1;
  else if (event.key in steps) target = index + steps[event.key];
  else return false;
  event.preventDefault();
  if (columns === 1) target = (target + items.length) % items.length;
  items[Math.min(Math.max(target, 0), items.length - 1)]?.focus();
  return true;
}

/** Whether the reader asked for less motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Where a popup of `size` fits beside `anchor` (a DOMRect), inside the window: `{left, top}` in pixels. It goes below,
 * or with `above` over the anchor, where there is room.
 */
export function beside(anchor, { width, height }, above = false) {
  const margin = 8;
  const below = anchor.bottom + 4;
  const over = anchor.top - height - 4;
  const goesBelow = above ? over < margin : below + height + margin <= innerHeight;
  const top = goesBelow ? below : over;
  const left = anchor.left + width + margin <= innerWidth ? anchor.left : anchor.right - width;
  return {
    left: Math.max(margin, Math.min(left, innerWidth - width - margin)),
    top: Math.min(Math.max(margin, top), Math.max(margin, innerHeight - height - margin)),
  };
}
