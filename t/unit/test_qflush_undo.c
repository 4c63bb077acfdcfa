/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qflush_undo.c - the commands below what qflush did, each once */
#include <stdio.h>
#include <string.h>

#include "unit.h"
#include "words.h"

#include "mta/sendmail/sendmail.h"
#include "tools/qflush/report.h"

#define SENDMAIL "/usr/sbin/sendmail"

/* Two directories of sendmail's own, and one of MailScanner's. */
static char undo_a[] = "/q/a", undo_b[] = "/q/b", undo_in[] = "/q/in";
static char undo_cf[] = "/etc/mail/sendmail.cf";
static char undo_conf[] = "/etc/MailScanner/MailScanner.conf";
static struct queue_dir undo_dirs[] = { { .path = undo_a }, { .path = undo_b },
	{ .path = undo_in } };
static struct queue undo_queues[] = {
	{ .mta = &sendmail_mta,
	    .source = undo_cf,
	    .dirs = undo_dirs,
	    .ndirs = 2 },
	{ .mta = &sendmail_mta,
	    .source = undo_conf,
	    .dirs = undo_dirs + 2,
	    .ndirs = 1 },
};

static const struct {
	const char *words;
	bool used[3];
	const char *want;
} undo_rows[] = {
	{ "--yes 192.0.2.66", { true, true, true },
	    "to look at them: " SENDMAIL " -bp -qQ\n"
	    "to look at them: " SENDMAIL " -bp -qQ -OQueueDirectory=/q/in\n"
	    "to undo: qflush --yes --release 192.0.2.66\n"
	    "to release all that is held: " SENDMAIL " -qQ -Q\n"
	    "to release all that is held: " SENDMAIL
	    " -qQ -Q -OQueueDirectory=/q/in\n" },
	{ "--yes older:5m", { false, false, true },
	    "to look at them: " SENDMAIL " -bp -qQ -OQueueDirectory=/q/in\n"
	    "to undo: qflush --yes --release older:0s\n"
	    "to release all that is held: " SENDMAIL
	    " -qQ -Q -OQueueDirectory=/q/in\n" },
	{ "--yes --reason ticket;1 -q x=/q/a --journal /j older:5m",
	    { false, false, false },
	    "to undo: qflush --yes --release -q x=/q/a --journal /j older:0s"
	    " --reason 'ticket;1'\n" },
	{ "--yes --held --move /m --reason t helo:a%20b",
	    { false, false, false },
	    "to undo: qflush --yes --restore /m helo:a%20b\n" },
	{ "--yes --move /m older:5m", { false, false, true },
	    "to undo: qflush --yes --restore /m\n" },
	{ "--yes --delete 192.0.2.66", { true, true, true }, "" },
};

static void
test_undo(void **state)
{
	struct flush_count count = { .n = { [CHANGE_DONE] = 3 } };
	struct mta_place places[3];
	struct mta_place_list list = { places, 3 };
	struct qflush_report_run run = { .passes = 1, .places = &list };
	struct buf b = BUF_INIT, why = BUF_INIT;
	struct qflush_config c;
	struct words words;
	char *got;
	size_t i, k;

	(void)state;
	for (i = 0; i < ROWS(undo_rows); i++) {
		for (k = 0; k < 3; k++)
			places[k] = (struct mta_place){
				.queue = &undo_queues[k / 2],
				.dir = &undo_dirs[k],
				.used = undo_rows[i].used[k],
			};
		words_split(&words, "qflush", undo_rows[i].words);
		assert_int_equal(qflush_config_parse(&c, words.argc, words.argv,
				     &why),
		    0);
		buf_truncate(&b, 0);
		qflush_report_done(&b, &c, &count, &run);
		got = strstr(buf_str(&b), "journal: ");
		assert_non_null(got);
		assert_string_equal(strchr(got, '\n') + 1, undo_rows[i].want);
		qflush_config_free(&c);
	}
	buf_free(&b);
	buf_free(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_undo),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
