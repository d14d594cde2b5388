/* libarchive's zip refers to its own encryption, and that to nettle, which has no place in a program under the MIT
 * licence that is one file. Encrypted archives are neither read nor written here: these stand in for the two tables, so
 * that the linker leaves the real ones out. With a shared libarchive they are not seen. */

static int refuse(void)
{
  return -1;
}

typedef int (*refusal)(void);
extern const refusal __archive_cryptor[8], __archive_hmac[8];
const refusal __archive_cryptor[8] = { refuse, refuse, refuse, refuse, refuse, refuse, refuse, refuse };
const refusal __archive_hmac[8] = { refuse, refuse, refuse, refuse, refuse, refuse, refuse, refuse };
