/** The smallest beginnings by which formats are told apart, as an upload may bring them. */
export const samples = {
  mp4: Buffer.concat([
    Buffer.from('00000018', 'hex'),
    Buffer.from('ftypisom\0\0\x02\0isommp42'),
    Buffer.alloc(4000, 7),
  ]),
  m4a: Buffer.concat([Buffer.from('00000018', 'hex'), Buffer.from('ftypM4A \0\0\x02\0isommp42')]),
  webm: Buffer.from(
    '1a45dfa39f4286810142f7810142f2810442f381084282847765626d42878104428581021853806701ffffffffffffff',
    'hex',
  ),
  mp3: Buffer.concat([Buffer.from('49443303000000000000fffb9064', 'hex'), Buffer.alloc(417)]),
  ogg: Buffer.concat([Buffer.from('OggS\0\x02'), Buffer.alloc(22), Buffer.from('OpusHead')]),
  wav: Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0'),
  pdf: Buffer.from('%PDF-1.7\n'),
  zip: Buffer.from(`504b0506${'00'.repeat(18)}`, 'hex'),
  gzip: Buffer.from('1f8b0800000000000003', 'hex'),
  sevenZip: Buffer.from('377abcaf271c0004', 'hex'),
  rar: Buffer.from('526172211a070100', 'hex'),
  exe: Buffer.from('MZ\x90\0\x03'),
  html: Buffer.from('<!doctype html><script>alert(1)</script>'),
  svg: Buffer.from(
    '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
  ),
  text: Buffer.from('just words'),
}
