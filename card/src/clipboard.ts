/** Copy a text to the clipboard and return whether that succeeded. */
export async function copyToClipboard(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyWithoutClipboardApi(text);
  }
}

/** Browsers offer the clipboard API only over HTTPS, but many installations use plain HTTP. */
function copyWithoutClipboardApi(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- No replacement works over plain HTTP.
  const isCopied = document.execCommand("copy");
  area.remove();
  return isCopied;
}
