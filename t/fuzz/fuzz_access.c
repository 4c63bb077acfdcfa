/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fuzz_access.c - any bytes are an access file, which comes back whole */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

#include "block/entries.h"
#include "mta/sendmail/access/block.h"
#include "mta/sendmail/access/cf.h"
#include "mta/sendmail/access/dump.h"
#include "mta/sendmail/access/key.h"
#include "mta/sendmail/access/value.h"

/* Without changes the same bytes; without its blocks, no more than that. */
static void
round_trip(const struct entries *m, const char *bytes, size_t n)
{
	const char **instead = calloc(m->nblocks + 1, sizeof(*instead));
	struct entries rest = ENTRIES_INIT;
	struct buf out = BUF_INIT;
	size_t i;

	if (instead == NULL)
		return;
	entries_write(&out, m, instead, "");
	FUZZ_MUST(out.len == n && memcmp(buf_str(&out), bytes, n) == 0);
	for (i = 0; i < m->nblocks; i++)
		instead[i] = "";
	buf_truncate(&out, 0);
	entries_write(&out, m, instead, "");
	FUZZ_MUST(entries_parse(&rest, &sendmail_block, buf_str(&out),
		      out.len) == 0 &&
	    rest.nblocks == 0);
	entries_free(&rest);
	buf_free(&out);
	free(instead);
}

/* An entry's client is covered by itself, and is read as it is written. */
static void
use(const struct entries *m)
{
	struct sendmail_access_dump dump;
	struct client k, again;
	struct block_keys keys;
	const char *why;
	size_t i;

	for (i = 0; i < m->nlines; i++) {
		struct buf text = BUF_INIT;

		sendmail_access_value_of(m->line[i].value);
		if (!sendmail_access_key_of(&k, m->line[i].key))
			continue;
		client_add(&text, &k);
		FUZZ_MUST(client_parse(&again, buf_str(&text), &why) == 0 &&
		    client_equal(&k, &again));
		sendmail_access_key_list(&k, false, &keys, &why);
		sendmail_access_key_list(&k, true, &keys, &why);
		buf_free(&text);
	}
	if (sendmail_access_dump_of_text(&dump, false, m) == 0)
		sendmail_access_dump_free(&dump);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const char *text = n != 0 ? (const char *)bytes : "";
	struct entries m = ENTRIES_INIT;
	struct sendmail_access_cf cf = SENDMAIL_ACCESS_CF_INIT;
	struct sendmail_access_dump dump;

	if (entries_parse(&m, &sendmail_block, text, n) == 0) {
		round_trip(&m, text, n);
		use(&m);
	}
	entries_free(&m);
	sendmail_access_cf_parse(&cf, text, n);
	sendmail_access_cf_free(&cf);
	if (sendmail_access_dump_parse(&dump, false, text, n) == 0)
		sendmail_access_dump_free(&dump);
	return 0;
}
