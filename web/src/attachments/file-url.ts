/** Where the page finds a file; the browser sends the cookie for it by itself. */
export const fileUrl = (fileId: string) => `/api/files/${fileId}`
export const thumbnailUrl = (fileId: string) => `${fileUrl(fileId)}?variant=thumbnail`
/** As `fileUrl`, to be saved rather than shown. */
export const downloadUrl = (fileId: string) => `${fileUrl(fileId)}?download=1`
