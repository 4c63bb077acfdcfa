/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail_access_ask.c - what sendmail's test mode printed */
#include <stdlib.h>

#include "unit.h"

#include "mta/sendmail/access/ask.h"

/* Made by sendmail 8.17.1.9. */
#define INTRO                                                       \
	"ADDRESS TEST MODE (ruleset 3 NOT automatically invoked)\n" \
	"Enter <ruleset> <address>\n> A                  input: "   \
	"< 192 . 0 . 2 . 66 > < ? > < + Connect > < >\n"

static void
test_answer(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{ INTRO "A                returns: < REJECT > < >\n> ",
		    "REJECT" },
		{ INTRO "A                returns: < ? > < >\n"
			"A                returns: < ? > < >\n> ",
		    "?" },
		{ INTRO "A                returns: < ERROR : 4 . 7 . 1 :"
			" \"450 Too much\" > < >\n> ",
		    "ERROR : 4 . 7 . 1 : \"450 Too much\"" },
		{ "", NULL },
		{ INTRO, NULL },
		{ "A returns: < REJECT\n > < >\n", NULL },
		{ "A returns: < REJECT", NULL },
		{ "A returns: < ", NULL },
		{ "A returns: <TMPF> < >\n", NULL },
	};
	struct span got;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		got = sendmail_access_ask_answer(rows[i].text,
		    strlen(rows[i].text));
		if (rows[i].want == NULL ? got.n != 0 :
					   got.n != strlen(rows[i].want) ||
			    memcmp(got.p, rows[i].want, got.n) != 0)
			fail_msg("row %zu: '%.*s'", i, (int)got.n, got.p);
	}
}

static void
ask(const char *program, int want, const char *said)
{
	struct buf out = BUF_INIT, why = BUF_INIT;
	struct client k;
	const char *reason;

	assert_int_equal(client_parse(&k, "192.0.2.66", &reason), 0);
	assert_int_equal(sendmail_access_ask(program, NULL, &k, NULL, false,
			     &out, &why),
	    want);
	if (strstr(buf_str(want == -1 ? &why : &out), said) == NULL)
		fail_msg("%s: '%s' '%s'", program, buf_str(&out),
		    buf_str(&why));
	buf_free(&out);
	buf_free(&why);
}

static void
test_programs(void **state)
{
	(void)state;
	ask("/bin/true", -1, "/bin/true -bt gave no answer");
	/* In valgrind posix_spawn(3) is a fork that has worked. */
	ask("/nonexistent/sendmail", -1,
	    getenv("MQ_VALGRIND") == NULL ?
		"No such file" :
		"/nonexistent/sendmail -bt gave no answer");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answer),
		cmocka_unit_test(test_programs),
	};

	return UNIT_RUN(tests);
}
