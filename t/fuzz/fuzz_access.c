/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_access.c - any bytes are an access file, which comes back whole */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "block/entries.h"
#include "mta/sendmail/access_value.h"
#include "mta/sendmail/access_dump.h"
#include "mta/sendmail/access_cf.h"

/* Without changes the same bytes; without its blocks, no more than that. */
static void
round_trip(const struct accessmap *m, const char *bytes, size_t n)
{
	const char **instead = calloc(m->nblocks + 1, sizeof(*instead));
	struct accessmap rest = ACCESSMAP_INIT;
	struct buf out = BUF_INIT;
	size_t i;

	if (instead == NULL)
		return;
	accessmap_write(&out, m, instead, "");
	FUZZ_MUST(out.len == n && memcmp(buf_str(&out), bytes, n) == 0);
	for (i = 0; i < m->nblocks; i++)
		instead[i] = "";
	buf_truncate(&out, 0);
	accessmap_write(&out, m, instead, "");
	FUZZ_MUST(accessmap_parse(&rest, buf_str(&out), out.len) == 0 &&
	    rest.nblocks == 0);
	accessmap_free(&rest);
	buf_free(&out);
	free(instead);
}

/* An entry's client is covered by itself, and is read as it is written. */
static void
use(const struct accessmap *m)
{
	struct mapdump dump;
	struct accesskey k, again;
	struct accesskey_list keys;
	const char *why;
	size_t i;

	for (i = 0; i < m->nlines; i++) {
		struct buf text = BUF_INIT;

		accessvalue_of(m->line[i].value);
		if (!accesskey_of(&k, m->line[i].key))
			continue;
		accesskey_add(&text, &k);
		FUZZ_MUST(accesskey_parse(&again, buf_str(&text), &why) == 0 &&
		    accesskey_equal(&k, &again));
		accesskey_keys(&k, false, &keys, &why);
		accesskey_keys(&k, true, &keys, &why);
		buf_free(&text);
	}
	if (mapdump_of_text(&dump, false, m) == 0)
		mapdump_free(&dump);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const char *text = n != 0 ? (const char *)bytes : "";
	struct accessmap m = ACCESSMAP_INIT;
	struct sendmail_access cf = SENDMAIL_ACCESS_INIT;
	struct mapdump dump;

	if (accessmap_parse(&m, text, n) == 0) {
		round_trip(&m, text, n);
		use(&m);
	}
	accessmap_free(&m);
	sendmail_access_parse(&cf, text, n);
	sendmail_access_free(&cf);
	if (mapdump_parse(&dump, false, text, n) == 0)
		mapdump_free(&dump);
	return 0;
}
