/** Which addresses pictures and files may come from. Pure. */
import { isWebAddress } from "./route.js";

/** The address a picture may be fetched from: the web's, or this server's own. */
export const safeSource = (url) => (isWebAddress(url) || /^\/(?!\/)/.test(url ?? "") ? url : null);

/** Where a media item's picture is: `attachment://name` means a file of the same message. */
export function mediaSource(media, message) {
  const url = media?.url ?? "";
  if (!url.startsWith("attachment://")) return safeSource(media?.proxy_url) ?? safeSource(url);
  const file = message.attachments?.find(({ filename }) => filename === url.slice(13));
  return safeSource(file?.url);
}

/** Whether an attachment is to be shown as a picture. */
export const isPicture = ({ content_type: type, filename }) =>
  /^image\//.test(type ?? "") || (!type && /\.(png|jpe?g|gif|webp|avif)$/i.test(filename));
