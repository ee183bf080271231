/** What a message is about, at a glance: its first picture and its first words. Pure. */
import { plainText } from "../markdown/text.js";
import { isPicture, mediaSource } from "./media.js";

/** Every component of a message, outermost first. */
export function* allComponents(list) {
  for (const part of list ?? []) {
    yield part;
    yield* allComponents(part.components);
    if (part.accessory) yield part.accessory;
  }
}

/** The first picture of a message: `{source, alt}` or null. */
export function leadPicture(message) {
  if (!message) return null;
  const found = [];
  for (const part of allComponents(message.components)) {
    if (part.type === 12) found.push(...part.items);
    if (part.type === 11) found.push(part);
  }
  for (const { image, thumbnail } of message.embeds ?? []) {
    for (const media of [image, thumbnail]) if (media) found.push({ media, description: "" });
  }
  for (const file of message.attachments ?? []) {
    if (isPicture(file)) found.push({ media: file, description: file.description });
  }
  for (const item of found) {
    const source = item.spoiler ? null : mediaSource(item.media, message);
    if (source) return { source, alt: item.description ?? "" };
  }
  return null;
}

/** Whether a message's own first heading says what its thread is called (names are cut at 100 characters). */
export function carriesTitle(message, names, title) {
  const beginning = title.replace(/…$/, "").slice(0, 60).trim();
  const texts = [
    message.content,
    ...[...allComponents(message.components)].filter(({ type }) => type === 10).map(({ content }) => content),
  ];
  const headings = [
    ...(message.embeds ?? []).map((embed) => embed.title),
    ...texts.filter(Boolean).map((text) => text.split("\n", 1)[0]),
  ];
  return headings.some((heading) => heading && plainText(heading, names).startsWith(beginning));
}

/** The first words of a message, Markdown undone, without headings and small print; "" when it has none. */
export function snippet(message, names, title = "") {
  if (!message) return "";
  const texts = [message.content];
  for (const { title: heading, description } of message.embeds ?? []) texts.push(description ?? heading);
  for (const part of allComponents(message.components)) if (part.type === 10) texts.push(part.content);
  const skip = (node) => node.type === "heading" || node.type === "subtext";
  const words =
    texts
      .filter(Boolean)
      .map((text) => plainText(text, names, skip))
      .find((text) => text && text !== title) ?? "";
  return words.length > 280 ? `${words.slice(0, 280)}…` : words;
}

/** One line that stands for a message in a reply or an announcement. */
export function oneLine(message, names) {
  const words = snippet(message, names);
  if (words) return words.slice(0, 160);
  if (message.attachments?.length) return "A file";
  if (message.sticker_items?.length) return `Sticker: ${message.sticker_items[0].name}`;
  const heading = [...allComponents(message.components)].find((part) => part.type === 10);
  return heading ? plainText(heading.content, names).slice(0, 160) : "Message";
}
