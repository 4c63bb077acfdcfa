/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail_access_value.c - right-hand sides of the access map */
#include "unit.h"

#include "mta/sendmail/access/value.h"

static void
test_kinds(void **state)
{
	static const struct {
		const char *text;
		enum block_effect want;
	} rows[] = {
		/* Each was answered so by sendmail 8.17.1.9. */
		{ "OK", BLOCK_ADMITS },
		{ "ok", BLOCK_ADMITS },
		{ "RELAY", BLOCK_ADMITS },
		{ "Relay", BLOCK_ADMITS },
		{ "RELAY  \r", BLOCK_ADMITS },
		{ "SKIP", BLOCK_EXEMPTS },
		{ "REJECT", BLOCK_REFUSES },
		{ "reject\t", BLOCK_REFUSES },
		{ "REJECT\r", BLOCK_REFUSES },
		{ "ERROR:550 no", BLOCK_REFUSES },
		{ "ERROR:450 later", BLOCK_REFUSES },
		{ "error:5.7.1:\"550 no\"", BLOCK_REFUSES },
		{ "ERROR:5.7.1:no", BLOCK_REFUSES },
		{ "ERROR:D:550 no", BLOCK_REFUSES },
		{ "ERROR:", BLOCK_REFUSES },
		{ "550 no", BLOCK_REFUSES },
		{ "\"450 later\"", BLOCK_REFUSES },
		{ "421", BLOCK_REFUSES },
		{ "<TMPF>", BLOCK_REFUSES },
		{ "QUARANTINE", BLOCK_REFUSES },
		{ "QUARANTINE:", BLOCK_REFUSES },
		{ "REJECTED", BLOCK_REFUSES },
		{ "REJECT x", BLOCK_REFUSES },
		{ "OKAY", BLOCK_REFUSES },
		{ "OK x", BLOCK_REFUSES },
		{ "HATER", BLOCK_REFUSES },
		{ "55", BLOCK_REFUSES },
		{ "250", BLOCK_REFUSES },
		{ "\"", BLOCK_REFUSES },
		{ "10", BLOCK_REFUSES },
		{ "DISCARD", BLOCK_TAKES },
		{ "discard", BLOCK_TAKES },
		{ "QUARANTINE:x", BLOCK_TAKES },
		{ "quarantine:x", BLOCK_TAKES },
		{ "250 ok", BLOCK_TAKES },
		{ "ERROR:250 ok", BLOCK_TAKES },
		{ "ERROR:2.0.0:250 ok", BLOCK_TAKES },
		{ "", BLOCK_TAKES },
		{ "  ", BLOCK_TAKES },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		if (sendmail_access_value_of((struct span){ rows[i].text,
			strlen(rows[i].text) }) != rows[i].want)
			fail_msg("'%s'", rows[i].text);
}

static void
test_replies(void **state)
{
	static const struct {
		const char *reply, *want;
	} rows[] = {
		/* clang-format off */
		{ "REJECT", "REJECT" }, { "reject", "REJECT" },
		{ "tempfail", "ERROR:4.7.1:\"450 Too much mail from your host,"
		  " try again later\"" },
		{ "ERROR:5.7.1:\"550 Go away\"",
		  "ERROR:5.7.1:\"550 Go away\"" },
		{ "error:\"450 later\"", "ERROR:\"450 later\"" },
		{ "ERROR:4.2.123:\"421 a\"", "ERROR:4.2.123:\"421 a\"" },
		{ "", NULL }, { "OK", NULL }, { "RELAY", NULL },
		{ "DISCARD", NULL }, { "ERROR:", NULL }, { "ERROR:x", NULL },
		{ "ERROR:550 Go away", NULL }, { "ERROR:\"250 ok\"", NULL },
		{ "ERROR:\"550\"", NULL }, { "ERROR:\"550 \"", NULL },
		{ "ERROR:\"550x\"", NULL }, { "ERROR:\"550 x", NULL },
		{ "ERROR:5.7:\"550 x\"", NULL },
		{ "ERROR:5.7.1234:\"550 x\"", NULL },
		{ "ERROR:5..1:\"550 x\"", NULL },
		{ "ERROR:6.7.1:\"550 x\"", NULL },
		{ "ERROR:4.7.1:\"550 x\"", NULL },
		{ "ERROR:5.7.1:\"450 x\"", NULL },
		{ "ERROR:5.7.1:\"550 a\"b\"", NULL },
		{ "ERROR:5.7.1:\"550 a\nb\"", NULL },
		{ "ERROR:5.7.1:\"550 $x\"", NULL },
		{ "ERROR:5.7.1:\"550 \\\"", NULL },
		{ "ERROR:5.7.1:\"550 \xc3\xa4\"", NULL },
		/* clang-format on */
	};
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		struct buf b = BUF_INIT;
		int rc = sendmail_access_value_parse(&b, rows[i].reply, &why);

		unit_assert_text(rc == 0 ? buf_str(&b) : NULL, rows[i].want,
		    rows[i].reply);
		buf_free(&b);
	}
}

/* makemap's lines are bounded, and so is what goes into one. */
static void
test_long(void **state)
{
	struct buf reply = BUF_INIT, value = BUF_INIT;
	const char *why;

	(void)state;
	buf_adds(&reply, "ERROR:5.7.1:\"550 ");
	while (reply.len < 200)
		buf_addc(&reply, 'x');
	buf_addc(&reply, '"');
	assert_int_equal(sendmail_access_value_parse(&value, buf_str(&reply),
			     &why),
	    -1);
	assert_string_equal(why, "longer than 200 characters");
	memmove(reply.data + 20, reply.data + 21, reply.len - 20);
	assert_int_equal(sendmail_access_value_parse(&value, reply.data, &why),
	    0);
	buf_free(&reply);
	buf_free(&value);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_long),
	};

	return UNIT_RUN(tests);
}
