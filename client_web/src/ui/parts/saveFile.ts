/** Hands a file to the browser to save. */

export function saveFile(bytes: Uint8Array, name: string, type = 'application/pdf'): void {
  const address = URL.createObjectURL(new Blob([bytes.slice()], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
