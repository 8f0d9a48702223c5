/** Formats that a name or a declared type can claim, and that bytes can be told by. */
type Format = {
  /** As people call it. */
  label: string
  extensions: string[]
  /** Media types, declared or sniffed; variants of one container stand together. */
  types: string[]
}

const formats: Format[] = [
  { label: 'PNG', extensions: ['png', 'apng'], types: ['image/png', 'image/apng'] },
  {
    label: 'JPEG',
    extensions: ['jpg', 'jpeg', 'jpe', 'jfif'],
    types: ['image/jpeg', 'image/jpg', 'image/pjpeg'],
  },
  { label: 'GIF', extensions: ['gif'], types: ['image/gif'] },
  { label: 'WebP', extensions: ['webp'], types: ['image/webp'] },
  {
    label: 'AVIF or HEIF',
    extensions: ['avif', 'heic', 'heif'],
    types: ['image/avif', 'image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'],
  },
  { label: 'BMP', extensions: ['bmp'], types: ['image/bmp', 'image/x-ms-bmp'] },
  {
    label: 'MPEG-4 or QuickTime',
    extensions: ['mp4', 'm4v', 'm4a', 'm4b', 'mov', 'qt', '3gp', '3g2', 'f4v'],
    types: [
      'video/mp4',
      'video/x-m4v',
      'video/quicktime',
      'video/3gpp',
      'video/3gpp2',
      'audio/mp4',
      'audio/x-m4a',
    ],
  },
  {
    label: 'WebM or Matroska',
    extensions: ['webm', 'weba', 'mkv', 'mka'],
    types: [
      'video/webm',
      'audio/webm',
      'video/matroska',
      'video/x-matroska',
      'audio/matroska',
      'audio/x-matroska',
    ],
  },
  {
    label: 'Ogg',
    extensions: ['ogg', 'oga', 'ogv', 'ogx', 'opus', 'spx'],
    types: ['audio/ogg', 'video/ogg', 'application/ogg', 'audio/opus'],
  },
  { label: 'MP3', extensions: ['mp3'], types: ['audio/mpeg', 'audio/mp3'] },
  {
    label: 'WAV',
    extensions: ['wav', 'wave'],
    types: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
  },
  { label: 'FLAC', extensions: ['flac'], types: ['audio/flac', 'audio/x-flac'] },
  { label: 'AAC', extensions: ['aac'], types: ['audio/aac', 'audio/x-aac', 'audio/aacp'] },
  {
    label: 'AVI',
    extensions: ['avi'],
    types: ['video/vnd.avi', 'video/x-msvideo', 'video/msvideo', 'video/avi'],
  },
  {
    label: 'Windows Media',
    extensions: ['wmv', 'wma', 'asf'],
    types: [
      'video/x-ms-asf',
      'audio/x-ms-asf',
      'application/vnd.ms-asf',
      'video/x-ms-wmv',
      'audio/x-ms-wma',
    ],
  },
  { label: 'PDF', extensions: ['pdf'], types: ['application/pdf'] },
  { label: 'ZIP', extensions: ['zip'], types: ['application/zip', 'application/x-zip-compressed'] },
  { label: 'gzip', extensions: ['gz', 'tgz'], types: ['application/gzip', 'application/x-gzip'] },
  { label: '7z', extensions: ['7z'], types: ['application/x-7z-compressed'] },
  {
    label: 'RAR',
    extensions: ['rar'],
    types: ['application/x-rar-compressed', 'application/vnd.rar', 'application/x-rar'],
  },
]

/** The format that a name's extension claims; undefined for one that may hold anything. */
export function formatNamed(extension: string): Format | undefined {
  return formats.find(({ extensions }) => extensions.includes(extension))
}

/** The format of a media type without its parameters. */
export function formatOfType(type: string): Format | undefined {
  return formats.find(({ types }) => types.includes(type))
}
