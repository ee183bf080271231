/** Files as the control routes take them. */

/** `{filename, content_base64}` of a File; fails with a sentence when the browser can't read it. */
export function packed(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () =>
      resolve({ filename: file.name, content_base64: reader.result.slice(reader.result.indexOf(",") + 1) });
    reader.onerror = () => reject(new Error(`${file.name} can't be read: choose it again.`));
    reader.readAsDataURL(file);
  });
}

/** `values` with every File in it, alone or in a list, packed. */
export async function packAll(values) {
  const pack = (value) => {
    if (Array.isArray(value)) return Promise.all(value.map(pack));
    return value instanceof File ? packed(value) : value;
  };
  const entries = Object.entries(values).map(async ([key, value]) => [key, await pack(value)]);
  return Object.fromEntries(await Promise.all(entries));
}
