/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail_command.c - the command for each queue, or none */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "mail/queue.h"
#include "mta/sendmail/sendmail.h"

#define SENDMAIL "/usr/sbin/sendmail"

static const struct {
	const char *source;
	const char *dirs[4];
	enum mta_command command;
	int one; /* of the directories; -1: all */
	const char *want;
} rows[] = {
	/* sendmail finds the queues of its own configuration. */
	{ "/etc/mail/sendmail.cf", { "/var/spool/mqueue" }, MTA_COMMAND_HELD,
	    -1, SENDMAIL " -bp -qQ" },
	{ "/etc/sendmail.cf", { "/q/a", "/q/b" }, MTA_COMMAND_LOST, 1,
	    SENDMAIL " -bp -qL" },
	{ "/etc/mail/sendmail.cf, which is queue group slow as well", { "/q" },
	    MTA_COMMAND_RELEASE, -1, SENDMAIL " -qQ -Q" },
	{ "/etc/mail/submit.cf", { "/var/spool/mqueue-client" },
	    MTA_COMMAND_QUEUED, -1, SENDMAIL " -Ac -bp -OMaxQueueRunSize=20" },

	/* It has to be told all others. */
	{ "/etc/MailScanner/MailScanner.conf", { "/var/spool/mqueue.in" },
	    MTA_COMMAND_HELD, -1,
	    SENDMAIL " -bp -qQ -OQueueDirectory=/var/spool/mqueue.in" },
	{ "-q", { "/q" }, MTA_COMMAND_RELEASE, 0,
	    SENDMAIL " -qQ -Q -OQueueDirectory=/q" },
	{ "/etc/mail/sendmail.cf.old", { "/q" }, MTA_COMMAND_LOST, -1,
	    SENDMAIL " -bp -qL -OQueueDirectory=/q" },
	{ "/r/etc/mail/sendmail.cf", { "/r/q" }, MTA_COMMAND_QUEUED, -1,
	    SENDMAIL " -bp -OMaxQueueRunSize=20 -OQueueDirectory=/r/q" },
	{ NULL, { "/q" }, MTA_COMMAND_LOST, -1,
	    SENDMAIL " -bp -qL -OQueueDirectory=/q" },

	/* Several: by a wildcard, or one by one. */
	{ "-q", { "/q/in1", "/q/in2", "/q/in3" }, MTA_COMMAND_LOST, -1,
	    SENDMAIL " -bp -qL '-OQueueDirectory=/q/in*'" },
	{ "-q", { "/q/a", "/q/b" }, MTA_COMMAND_LOST, -1,
	    SENDMAIL " -bp -qL '-OQueueDirectory=/q/*'" },
	{ "-q", { "/q/a", "/q/ab" }, MTA_COMMAND_LOST, -1,
	    SENDMAIL " -bp -qL '-OQueueDirectory=/q/a*'" },
	{ "-q", { "/q/ab", "/q/a" }, MTA_COMMAND_LOST, -1,
	    SENDMAIL " -bp -qL '-OQueueDirectory=/q/a*'" },
	{ "-q", { "/q/a", "/q/b" }, MTA_COMMAND_LOST, 1,
	    SENDMAIL " -bp -qL -OQueueDirectory=/q/b" },
	{ "-q", { "/q/a", "/r/a" }, MTA_COMMAND_LOST, -1, NULL },
	{ "-q", { "/q/a", "/q/a/b" }, MTA_COMMAND_LOST, -1, NULL },
	{ "-q", { "/q/a", "/r/a" }, MTA_COMMAND_LOST, 1,
	    SENDMAIL " -bp -qL -OQueueDirectory=/r/a" },

	/* Names that a shell must not read, or nobody can type. */
	{ "-q", { "/q/a b'$(id)" }, MTA_COMMAND_LOST, -1,
	    SENDMAIL " -bp -qL '-OQueueDirectory=/q/a b'\\''$(id)'" },
	{ "-q", { "/q/a\n/b" }, MTA_COMMAND_LOST, -1, NULL },
	{ "-q", { "q" }, MTA_COMMAND_LOST, -1, NULL },
	{ "-q", { NULL }, MTA_COMMAND_LOST, -1, NULL },
};

static void
test_command(void **state)
{
	struct queue_dir dirs[4];
	struct queue q;
	struct buf b = BUF_INIT;
	size_t i, k;
	bool ok;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		q = (struct queue){ .dirs = dirs };
		q.source = rows[i].source != NULL ? strdup(rows[i].source) :
						    NULL;
		for (k = 0; k < 4 && rows[i].dirs[k] != NULL; k++)
			dirs[k] = (struct queue_dir){
				.path = strdup(rows[i].dirs[k]),
			};
		q.ndirs = k;
		buf_truncate(&b, 0);
		buf_adds(&b, "x ");
		ok = sendmail_mta.command(&b, rows[i].command, &q,
		    rows[i].one >= 0 ? &dirs[rows[i].one] : NULL, NULL);
		if (ok != (rows[i].want != NULL))
			fail_msg("row %zu: %s", i, buf_str(&b));
		assert_string_equal(buf_str(&b) + 2, ok ? rows[i].want : "");
		while (k-- != 0)
			free(dirs[k].path);
		free(q.source);
	}
	buf_free(&b);
}

/* For one message. */
static void
test_id(void **state)
{
	static const struct {
		const char *source;
		enum mta_command command;
		const char *id;
		const char *want;
	} ids[] = {
		{ "/etc/mail/submit.cf", MTA_COMMAND_RELEASE, "6AMAF0aA004101",
		    SENDMAIL " -Ac -qQ -Q -qI6AMAF0aA004101" },
		{ "-q", MTA_COMMAND_HELD, "KAA12345",
		    SENDMAIL " -bp -qQ -qIKAA12345 -OQueueDirectory=/q" },
		{ "-q", MTA_COMMAND_QUEUED, "a;b",
		    SENDMAIL " -bp -OMaxQueueRunSize=20 '-qIa;b'"
			     " -OQueueDirectory=/q" },
		{ "-q", MTA_COMMAND_LOST, "a\nb", NULL },
	};
	char path[] = "/q", source[40];
	struct queue_dir dir = { .path = path };
	const struct queue q = { .source = source, .dirs = &dir, .ndirs = 1 };
	struct buf b = BUF_INIT;
	struct span id;
	size_t i;
	bool ok;

	(void)state;
	for (i = 0; i < ROWS(ids); i++) {
		snprintf(source, sizeof(source), "%s", ids[i].source);
		id = (struct span){ ids[i].id, strlen(ids[i].id) };
		buf_truncate(&b, 0);
		buf_adds(&b, "x ");
		ok = sendmail_mta.command(&b, ids[i].command, &q, NULL, &id);
		assert_int_equal(ok, ids[i].want != NULL);
		assert_string_equal(buf_str(&b) + 2, ok ? ids[i].want : "");
	}
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
