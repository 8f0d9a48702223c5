/** Bounds that the server keeps and that clients may show. Lengths are in UTF-16 code units. */
export const limits = {
  usernameMin: 3,
  usernameMax: 32,
  passwordMin: 8,
  passwordMax: 128,
  displayNameMax: 64,
  chatNameMax: 100,
  chatDescriptionMax: 500,
  messageBodyMax: 4000,
  searchQueryMax: 100,
  pageSize: 50,
  pageSizeMax: 100,
  /** Unread messages of a chat are counted up to here. */
  unreadMax: 1_000,
  emojiMax: 32,
  reactionsPerMessageMax: 20,
  pinsMax: 50,
  invitesMax: 50,
  serverInvitesMax: 200,
  /** Calls that one user may start in a minute. */
  callStartsPerMinute: 6,
  groupMembersMax: 100,
  channelMembersMax: 1000,
  avatarBytesMax: 5 * 1024 * 1024,
  /** Files that one message carries. */
  attachmentsMax: 10,
  /** Width × height beyond which an image is not even decoded. */
  imagePixelsMax: 50_000_000,
  fileNameMax: 200,
  restBodyBytesMax: 64 * 1024,
  eventFrameBytesMax: 64 * 1024,
  signallingFrameBytesMax: 64 * 1024,
} as const

/** Spans of time in milliseconds. */
export const spans = {
  /** How long an event socket may stay silent before its `hello`. */
  helloTimeout: 5_000,
  /** How long a signalling socket may stay silent before its `join`. */
  joinTimeout: 5_000,
  /** How long a peer whose signalling socket dropped is kept. */
  resumeGrace: 15_000,
  /** How long somebody counts as typing after the last word of it. */
  typing: 6_000,
  /** How long an unanswered call rings. */
  ringing: 45_000,
  /** How long somebody may be alone in a call before they are asked whether they stay. */
  aloneAsk: 10 * 60_000,
  /** And how long before their call ends. */
  aloneEnd: 15 * 60_000,
  /** How long a call may last. */
  callMax: 12 * 60 * 60_000,
} as const
