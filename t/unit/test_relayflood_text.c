/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_relayflood_text.c - check_relayflood's words for hostile and odd keys */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "unit.h"

#include "base/num.h"
#include "flooded.h"

/* A flood of one message each, by a key of this text; the whole answer. */
static char *
answer_for(const char *by, struct span text)
{
	struct envelope e = flooded_message("192.0.2.66", 0);
	struct flooded f;
	char words[60], *got;

	snprintf(words, sizeof(words), "-w 0 -vv --by %s", by);
	flooded_start(&f, words);
	e.relay.host = e.helo = e.sender = e.status = text;
	flooded_add_like(&f, &e, 1);
	flooded_done(&f);
	got = flooded_answer(&f);
	flooded_end(&f);
	return got;
}

static const char *const keys[] = { "relay", "network", "name", "helo",
	"sender", "sender-domain", "status" };

/* Whatever others choose: nothing in the output means anything to anyone. */
static void
test_hostile(void **state)
{
	static const char bytes[] =
	    "\x1b]0;pwned\x07\x1b[31m\xff\xc3\xa9\r\n\t"
	    "|a=1;2 <script>alert(1)</script>$(id)`id`;'\"\\&x\0y [1.1.1.1]";
	static char huge[10240];
	const struct span rows[] = { { bytes, sizeof(bytes) - 1 },
		{ huge, sizeof(huge) }, { "-rf", 3 }, { "$(id)", 5 },
		{ "\n-> rm", 6 }, { "", 0 } };
	char *got, *s;
	size_t i, k;

	(void)state;
	memset(huge, '|', sizeof(huge));
	for (i = 0; i < ROWS(rows); i++)
		for (k = 0; k < ROWS(keys); k++) {
			got = answer_for(keys[k], rows[i]);
			for (s = got; *s != '\0'; s++)
				if (*s != '\n' && !isprint((unsigned char)*s))
					fail_msg("%s: byte %02x", keys[k],
					    (unsigned char)*s);
			/* One '|', on the first line, and it is ours. */
			s = strchr(got, '|');
			assert_non_null(s);
			assert_int_equal(strncmp(s, "| messages=1;;;0 ", 17),
			    0);
			assert_null(strchr(s + 1, '|'));
			assert_true(s < strchr(got, '\n'));
			assert_int_equal(strcspn(got, "<&$`'\"\\"),
			    strlen(got));
			assert_true(strlen(got) < 4000);
			assert_true(strcspn(got, "\n") < 900);
			/* No line begins with what another host wrote. */
			assert_null(strstr(got, "\n-> rm"));
			free(got);
		}
}

/* The dry run, for each key that a shell takes for nothing else. */
static void
test_commands(void **state)
{
	static const struct {
		const char *by, *text, *want;
	} rows[] = {
		/* clang-format off */
		{ "relay", "mx.example", "a dry run of the removal: qflush"
		  " 192.0.2.66" },
		{ "network", "", "a dry run of the removal: qflush"
		  " 192.0.2.0/24" },
		{ "name", "mx.bad.example", "a dry run of the removal: qflush"
		  " name:bad.example" },
		{ "helo", "Mail_1.example", "a dry run of the removal: qflush"
		  " helo:mail_1.example" },
		{ "sender", "a+b=c/d.e-f@x.example", "a dry run of the"
		  " removal: qflush sender:a+b=c/d.e-f@x.example" },
		{ "sender-domain", "a@X.example", "a dry run of the removal:"
		  " qflush sender-domain:x.example" },
		{ "status", "Deferred", "who sent them: qstat --by relay" },
		{ "helo", "a b", "no command is shown, as a shell could"
		  " misread the key; see qstat --by helo" },
		{ "sender", "", "no command is shown, as a shell could"
		  " misread the key; see qstat --by sender" },
		{ "sender", "a@$(id).example", "no command is shown, as a"
		  " shell could misread the key; see qstat --by sender" },
		{ "sender", "a@b\xc3\xa9.example", "no command is shown, as a"
		  " shell could misread the key; see qstat --by sender" },
		{ "helo", "a;id", "no command is shown, as a shell could"
		  " misread the key; see qstat --by helo" },
		{ "helo", "a*", "no command is shown, as a shell could"
		  " misread the key; see qstat --by helo" },
		{ "helo", "~root", "no command is shown, as a shell could"
		  " misread the key; see qstat --by helo" },
		/* clang-format on */
	};
	char want[300], *got;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		got = answer_for(rows[i].by, flooded_span(rows[i].text));
		snprintf(want, sizeof(want), "\n  -> %s\n", rows[i].want);
		if (strstr(got, want) == NULL)
			fail_msg("row %zu: %s", i, got);
		free(got);
	}
}

/* The queues that -q named are those of the command. */
static void
test_command_queues(void **state)
{
	static const struct {
		const char *words, *want;
	} rows[] = {
		{ "-q /no/a",
		    "a dry run of the removal: qflush -q /no/a"
		    " 192.0.2.66" },
		{ "-q x=/no/a -q y=/no/b",
		    "a dry run of the removal: qflush"
		    " -q /no/a -q /no/b 192.0.2.66" },
		{ "-q /no/a;id",
		    "a dry run of the removal: qflush -q ... 192.0.2.66,"
		    " where ... is as for this check" },
		{ "--root /no/root",
		    "a dry run of the removal: qflush --root /no/root"
		    " 192.0.2.66" },
		{ "--root /no/r*",
		    "a dry run of the removal: qflush --root ..."
		    " 192.0.2.66, where ... is as for this check" },
		{ "-q /no/a --by status",
		    "who sent them: qstat -q /no/a --by relay" },
	};
	char words[100], want[200], *got;
	struct flooded f;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		snprintf(words, sizeof(words), "-w 0 %s", rows[i].words);
		flooded_start(&f, words);
		flooded_add(&f, "192.0.2.66", "", 1, 0);
		flooded_done(&f);
		f.m.queues = &f.c.queues;
		free(f.m.census.survey.queue);
		f.m.census.survey.queue = calloc(f.c.queues.n,
		    sizeof(struct survey_queue));
		got = flooded_answer(&f);
		snprintf(want, sizeof(want), "\n  -> %s\n", rows[i].want);
		if (strstr(got, want) == NULL)
			fail_msg("row %zu: %s", i, got);
		free(got);
		flooded_end(&f);
	}
}

/* The number of senders, where it is an estimate; of a sample, or of all. */
static void
expect_senders(bool sampled, const char *how)
{
	struct envelope e = flooded_message("192.0.2.66", 0);
	struct flooded f;
	const char *why;
	char sender[2], *got, *s, *end;
	int64_t n;

	flooded_start(&f, "-w 100 --by helo");
	for (; e.recipients <= 500; e.recipients++) {
		sender[0] = (char)(e.recipients & 0xff);
		sender[1] = (char)(e.recipients >> 8);
		e.sender = (struct span){ sender, 2 };
		flooded_add_like(&f, &e, 1);
	}
	if (sampled)
		flooded_sampled(&f, 5000);
	else
		flooded_done(&f);
	got = flooded_text(&f);
	s = strstr(got, how);
	assert_non_null(s);
	s += strlen(how);
	end = strchr(s, ' ');
	assert_non_null(end);
	unit_assert_text(end,
	    sampled ? " senders; no other mail;"
		      " sampled 500 of 5000" :
		      " senders; no other mail",
	    how);
	*end = '\0';
	assert_int_equal(num_int64(s, 250, 500, &n, &why), 0);
	free(got);
	flooded_end(&f);
}

/* Odd times and numbers. */
static void
test_odd(void **state)
{
	struct flooded f;
	struct envelope e;
	char *got;

	(void)state;
	/* Times of arrival that are not known, or yet to come. */
	flooded_start(&f, "-w 0 --growth");
	e = flooded_message("192.0.2.66", 0);
	e.arrival = -1;
	flooded_add_like(&f, &e, 2);
	flooded_done(&f);
	got = flooded_answer(&f);
	assert_non_null(strstr(got,
	    "\n192.0.2.66 WARNING: 2 messages (100%),"
	    " over 0, 1 sender\n"));
	assert_non_null(strstr(got,
	    "\n  growth OK: the times of arrival are"
	    " not known\n"));
	got[strcspn(got, "|")] = '\0';
	assert_string_equal(got,
	    "RELAYFLOOD WARNING - 192.0.2.66 2 of 2"
	    " messages (100%), 1 sender; no other mail ");
	free(got);
	flooded_end(&f);

	flooded_start(&f, "");
	flooded_add_like(&f,
	    &(struct envelope){ .arrival = FLOODED_NOW + 900,
		.relay = { .class = RELAY_BOUNCE } },
	    1);
	flooded_done(&f);
	got = flooded_answer(&f);
	assert_non_null(strstr(got, "oldest 0s | "));
	assert_non_null(strstr(got, " oldest_other=0s;;;0\n"));
	free(got);
	flooded_end(&f);

	expect_senders(false, ", about ");
	expect_senders(true, ", at least about ");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_command_queues),
		cmocka_unit_test(test_odd),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return UNIT_RUN(tests);
}
