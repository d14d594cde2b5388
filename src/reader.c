/* Telling what an archive is, and opening the reader that fits. */
#include "reader.h"

#include <string.h>

#include "tarhead.h"

void nx_reader_close(nx_reader *reader)
{
  if (reader) reader->close(reader);
}

nx_packing nx_sniff(const uint8_t *front, size_t size)
{
  static const uint8_t zstd[] = { 0x28, 0xB5, 0x2F, 0xFD }, xz[] = { 0xFD, '7', 'z', 'X', 'Z', 0 };
  if (size >= 4 && memcmp(front, zstd, 4) == 0) return NX_ZSTD;
  if (size >= 4 && (front[0] & 0xF0) == 0x50 && memcmp(front + 1, "\x2A\x4D\x18", 3) == 0) return NX_ZSTD;
  if (size >= 6 && memcmp(front, xz, 6) == 0) return NX_XZ;
  if (size >= 2 && front[0] == 0x1F && front[1] == 0x8B) return NX_GZIP;
  if (size >= 4 && front[0] == 'P' && front[1] == 'K' &&
      (memcmp(front + 2, "\3\4", 2) == 0 || memcmp(front + 2, "\5\6", 2) == 0))
    return NX_ZIP;
  /* A tar that is cut within its first header is told by what is there. */
  if (size >= nx_tar_block && (nx_tar_checksum_ok(front) || nx_tar_is_zero(front))) return NX_PACKING_NONE;
  if (size >= 263 && memcmp(front + 257, "ustar", 5) == 0) return NX_PACKING_NONE;
  return NX_PACKING_UNKNOWN;
}

nx_reader *nx_reader_open(nx_stream *stream, nx_packing packing, int ahead, nx_fault *fault)
{
  nx_fault *below = stream->fault;
  switch (packing) {
  case NX_ZSTD: stream = nx_stream_zstd(stream); break;
  case NX_GZIP: stream = nx_stream_gzip(stream); break;
  case NX_XZ: stream = nx_stream_xz(stream); break;
  case NX_PACKING_NONE: break;
  default:
    nx_fault_set(fault, "format", "unknown", 0,
                 "not an archive that is known here (tar, tar.zst, tar.gz, tar.xz, zip)");
    nx_stream_close(stream);
    return NULL;
  }
  if (stream && ahead && stream->read) stream = nx_stream_ahead(stream, fault);
  nx_reader *reader = stream ? nx_reader_tar(stream) : NULL;
  if (!reader && !fault->kind) *fault = *below;
  return reader;
}
