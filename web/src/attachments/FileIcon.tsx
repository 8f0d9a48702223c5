import type { FileKind } from '@beseda/protocol/files'
import File from 'lucide-solid/icons/file'
import Archive from 'lucide-solid/icons/file-archive'
import FileText from 'lucide-solid/icons/file-text'
import Film from 'lucide-solid/icons/film'
import Image from 'lucide-solid/icons/image'
import Music from 'lucide-solid/icons/music'
import { Dynamic } from 'solid-js/web'
import { splitName } from './file-name.ts'

const texts = new Set(['.txt', '.md', '.pdf', '.doc', '.docx', '.odt', '.rtf', '.csv'])
const archives = new Set(['.zip', '.gz', '.tar', '.7z', '.rar', '.xz', '.bz2', '.zst'])

function iconOf(kind: FileKind, name: string) {
  if (kind === 'image') return Image
  if (kind === 'video') return Film
  if (kind === 'audio') return Music
  const extension = splitName(name).extension.toLowerCase()
  if (texts.has(extension)) return FileText
  return archives.has(extension) ? Archive : File
}

/** What kind of file it is, at a glance. */
export function FileIcon(props: { kind: FileKind; name: string }) {
  return <Dynamic component={iconOf(props.kind, props.name)} aria-hidden="true" />
}
