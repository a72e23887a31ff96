/** Files as the browser hands them over: chosen in a dialog or dropped, with the folders they lie in where it tells. */

/** A file, and its path as far as it is known. */
export interface LocalFile {
  readonly path: string;
  readonly file: File;
}

export function chosenFiles(list: FileList | null): LocalFile[] {
  return [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));
}

/** All dropped files, those in dropped folders too. */
export async function droppedFiles(transfer: DataTransfer | null): Promise<LocalFile[]> {
  // the list is emptied as soon as this function waits
  const entries = [...(transfer?.items ?? [])].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const plain = chosenFiles(transfer?.files ?? null);
  return entries.length > 0 ? (await Promise.all(entries.map(filesOf))).flat() : plain;
}

async function filesOf(entry: FileSystemEntry): Promise<LocalFile[]> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => {
      entry.file(resolve, reject);
    });
    return [{ path: entry.fullPath.replace(/^\//, ''), file }];
  }
  return isFolder(entry) ? (await Promise.all((await entriesOf(entry)).map(filesOf))).flat() : [];
}

/** All entries of a folder; a reader gives them piece by piece. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const more = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (more.length === 0) return entries;
    entries.push(...more);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function isFolder(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
