/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail_block.c - which entry decides, and what it does */
#include "clients.h"

#include "block/entries.h"
#include "mta/sendmail/access/block.h"
#include "mta/sendmail/access/place.h"

/* One text, as text and as map: the line that decides, and its effect. */
static void
decides(bool skip, bool dots, const char *name, size_t want,
    enum block_effect effect)
{
	static const char text[] = "Connect:skip.example\tSKIP\n"
				   "example\tOK\n"
				   "Connect:.dot.example\tDISCARD\n"
				   "Connect:192.0.2\tREJECT\n";
	struct sendmail_access_place p =
	    SENDMAIL_ACCESS_PLACE_INIT(&sendmail_block, "access");
	const struct client k = clients_parsed("192.0.2.66");
	const struct entries_line *line;
	struct entries m = ENTRIES_INIT;
	struct block_entry entry;
	struct buf why = BUF_INIT;

	p.cf.skip = skip;
	p.cf.way.dots = dots;
	assert_int_equal(entries_parse(&m, &sendmail_block, text, strlen(text)),
	    0);
	assert_int_equal(sendmail_access_dump_parse(&p.dump, false, text,
			     strlen(text)),
	    0);
	line = sendmail_block.decides(&p.place, &m, &k, name);
	assert_int_equal(sendmail_block.says(&p.place, &k, name, &entry, &why),
	    0);
	assert_non_null(line);
	if (line->number != want || entry.value.n != line->value.n ||
	    memcmp(entry.value.p, line->value.p, line->value.n) != 0 ||
	    sendmail_block.result(&p.place, line->value) != effect)
		fail_msg("%s: line %zu, and '%.*s' in the map",
		    name != NULL ? name : "no name", line->number,
		    (int)entry.value.n, entry.value.p);
	entries_free(&m);
	buf_free(&why);
	sendmail_access_place_free(&p);
}

static void
test_decides(void **state)
{
	(void)state;
	decides(false, false, NULL, 4, BLOCK_REFUSES);
	decides(false, false, "mx.other.example", 2, BLOCK_ADMITS);
	/* SKIP leaves it to the address; unknown, it is a text that refuses. */
	decides(true, false, "mx.skip.example", 4, BLOCK_REFUSES);
	decides(false, false, "mx.skip.example", 1, BLOCK_REFUSES);
	decides(false, false, "mx.dot.example", 2, BLOCK_ADMITS);
	decides(false, true, "mx.dot.example", 3, BLOCK_TAKES);
}

static void
test_result(void **state)
{
	struct sendmail_access_place p =
	    SENDMAIL_ACCESS_PLACE_INIT(&sendmail_block, "access");
	const struct span skip = { "SKIP", 4 };

	(void)state;
	assert_int_equal(sendmail_block.result(&p.place, skip), BLOCK_REFUSES);
	p.cf.skip = true;
	assert_int_equal(sendmail_block.result(&p.place, skip), BLOCK_EXEMPTS);
}

/* The hosts that a key lets sendmail find by their name. */
static void
test_hosts(void **state)
{
	static const struct {
		const char *key;
		bool dots;
		const char *want;
	} rows[] = {
		{ "Connect:isp.example", false, "isp.example" },
		{ "ISP.example", false, "isp.example" },
		{ "connect:.isp.example", true, "isp.example" },
		{ "Connect:.isp.example", false, NULL },
		{ "Connect:192.0.2", true, NULL },
		{ "Connect:", true, NULL },
		{ ".", true, NULL },
		{ "", true, NULL },
		{ "To:isp.example", true, NULL },
	};
	struct sendmail_access_place p =
	    SENDMAIL_ACCESS_PLACE_INIT(&sendmail_block, "access");
	struct client k;
	size_t i;
	bool ok;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		p.cf.way.dots = rows[i].dots;
		ok = sendmail_block.hosts(&p.place, &k,
		    (struct span){ rows[i].key, strlen(rows[i].key) });
		unit_assert_text(ok ? k.name : NULL, rows[i].want, rows[i].key);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_decides),
		cmocka_unit_test(test_result),
		cmocka_unit_test(test_hosts),
	};

	return UNIT_RUN(tests);
}
