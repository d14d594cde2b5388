/* Headers and framing by libarchive, formats named one by one (else every format it knows is linked in). Nothing of Lua
 * is called from its callbacks, so no error can jump through it. */
#include "pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "mem.h"
#include "squeeze.h"

struct nx_pack {
  nx_output *out;
  nx_zstream *zstd;
  nx_segments *segments;
  nx_squeeze *squeeze;
  struct archive *archive;
  struct archive_entry *entry;
  int given_up; /* what libarchive still wants to write goes nowhere */
};

static la_ssize_t write_block(struct archive *archive, void *ud, const void *bytes, size_t n)
{
  nx_pack *pack = ud;
  (void)archive;
  /* Never an error from here: on one, libarchive forgets to free what it holds. The fault is looked at after each call.
   */
  if (pack->given_up || pack->out->fault->kind) return (la_ssize_t)n;
  if (pack->zstd) nx_zstream_write(pack->zstd, bytes, n);
  else if (pack->segments) nx_segments_write(pack->segments, bytes, n);
  else if (pack->squeeze) nx_squeeze_write(pack->squeeze, bytes, n);
  else nx_output_write(pack->out, bytes, n);
  return (la_ssize_t)n;
}

/* libarchive's own complaint, unless ours was first. */
static int complain(nx_pack *pack, const char *name)
{
  const char *text = pack->archive ? archive_error_string(pack->archive) : NULL;
  int no_memory = !pack->archive || archive_errno(pack->archive) == ENOMEM;
  char shown[400];
  return nx_fault_set(pack->out->fault, no_memory ? "limit" : "io", NULL, 0, "writing %s to %s: %s",
                      name ? nx_escape(shown, sizeof shown, name, strlen(name)) : "the archive", pack->out->name,
                      no_memory ? "not enough memory"
                      : text    ? text
                                : "the format cannot hold it");
}

static int set_format(struct archive *archive, const char *format, int level)
{
  char option[64];
  if (strcmp(format, "zip") != 0) return archive_write_set_format_gnutar(archive);
  int status = archive_write_set_format_zip(archive);
  if (status != ARCHIVE_OK || level == INT_MIN) return status;
  snprintf(option, sizeof option, "zip:compression-level=%d", level);
  return archive_write_set_options(archive, option);
}

nx_pack *nx_pack_open(nx_output *out, const char *format, const nx_segments_options *options)
{
  int level = options->frame.level;
  nx_pack *pack = nx_calloc(1, sizeof *pack);
  if (!pack) {
    nx_fault_set(out->fault, "limit", NULL, ENOMEM, "writing the archive");
    return NULL;
  }
  pack->out = out;
  int zstd = strcmp(format, "tar.zst") == 0;
  int xz = strcmp(format, "tar.xz") == 0, gzip = strcmp(format, "tar.gz") == 0;
  if (zstd && nx_segments_wanted(options)) {
    if (!(pack->segments = nx_segments_open(out, options))) goto failed;
  } else if (zstd && !(pack->zstd = nx_zstream_open(out, &options->frame))) {
    goto failed;
  }
  if ((xz || gzip) && !(pack->squeeze = nx_squeeze_open(out, xz, level))) goto failed;
  pack->archive = archive_write_new();
  pack->entry = archive_entry_new();
  if (!pack->archive || !pack->entry || set_format(pack->archive, format, level) != ARCHIVE_OK ||
      archive_write_set_bytes_per_block(pack->archive, 0) != ARCHIVE_OK || /* no copy into blocks of its own */
      archive_write_open(pack->archive, pack, NULL, write_block, NULL) != ARCHIVE_OK) {
    complain(pack, NULL);
    goto failed;
  }
  return pack;
failed:
  nx_pack_close(pack);
  return NULL;
}

int nx_pack_header(nx_pack *pack, const nx_member *member)
{
  struct archive_entry *entry = archive_entry_clear(pack->entry);
  archive_entry_set_pathname(entry, member->name);
  archive_entry_set_filetype(entry, member->type == 'd' ? AE_IFDIR : member->type == 'l' ? AE_IFLNK : AE_IFREG);
  archive_entry_set_perm(entry, member->mode & 07777);
  archive_entry_set_uid(entry, member->uid);
  archive_entry_set_gid(entry, member->gid);
  archive_entry_set_mtime(entry, member->mtime, 0);
  archive_entry_set_size(entry, member->type == 'f' ? member->size : 0);
  if (member->type == 'l') archive_entry_set_symlink(entry, member->link);
  int status = archive_write_header(pack->archive, entry);
  /* a warning is a name or a value that was bent to fit: no archive that is silently other than its source */
  return status == ARCHIVE_OK && !pack->out->fault->kind ? 0 : complain(pack, member->name);
}

int nx_pack_data(nx_pack *pack, const void *bytes, size_t n)
{
  la_ssize_t written = archive_write_data(pack->archive, bytes, n);
  return written == (la_ssize_t)n && !pack->out->fault->kind ? 0 : complain(pack, NULL);
}

int nx_pack_finish(nx_pack *pack)
{
  if (archive_write_close(pack->archive) != ARCHIVE_OK || pack->out->fault->kind) return complain(pack, NULL);
  if (pack->zstd) return nx_zstream_finish(pack->zstd);
  if (pack->segments) return nx_segments_finish(pack->segments);
  return pack->squeeze ? nx_squeeze_finish(pack->squeeze) : 0;
}

void nx_pack_close(nx_pack *pack)
{
  if (!pack) return;
  archive_entry_free(pack->entry);
  if (pack->archive) {
    pack->given_up = 1; /* an unfinished file is filled up with zeros now */
    archive_write_free(pack->archive);
  }
  nx_zstream_close(pack->zstd);
  nx_segments_close(pack->segments);
  nx_squeeze_close(pack->squeeze);
  nx_free(pack);
}
