/** Copy a text; tell whether that worked. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyWithoutEncryption(text);
  }
}

/** Many homes are reached over plain HTTP, where browsers offer no clipboard but the old one. */
function copyWithoutEncryption(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- As above: there is no other there.
  const isDone = document.execCommand("copy");
  area.remove();
  return isDone;
}
