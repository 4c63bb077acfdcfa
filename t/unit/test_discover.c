/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_discover.c - finds the queues of a configuration below a root */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "found.h"
#include "tree.h"
#include "unit.h"

#include "mta/discover.h"

#define MS "etc/MailScanner/MailScanner.conf"

static void
test_defaults(void **state)
{
	struct queue_list list;

	(void)state;
	found("", NULL);
	tree_make("var/spool/mqueue/");
	found("mqueue(out):./var/spool/mqueue", NULL);
	tree_make("var/spool/mqueue.in/");
	/* Only submit.cf tells of this one. */
	tree_make("var/spool/clientmqueue/");
	found("mqueue.in(in):./var/spool/mqueue.in "
	      "mqueue(out):./var/spool/mqueue",
	    &list);
	assert_string_equal(list.v[0].source, "default");
	assert_string_equal(list.v[1].source, "default");
	queue_list_free(&list);
	assert_int_equal(rmdir("var/spool/mqueue"), 0);
	found("mqueue.in(in):./var/spool/mqueue.in", NULL);
}

/* What is configured is kept though it is missing, and ends the defaults. */
static void
test_missing_directories(void **state)
{
	(void)state;
	tree_make("var/spool/mqueue/");
	tree_write("etc/mail/sendmail.cf", "O QueueDirectory=/srv/q\n");
	tree_write("etc/mail/submit.cf", "O QueueDirectory=/srv/client/q*\n");
	found("q(out):./srv/q! client(client):./srv/client!", NULL);
	/* A file that does not say it means sendmail's default. */
	tree_write("etc/mail/sendmail.cf", "V10/Berkeley\n");
	assert_int_equal(unlink("etc/mail/submit.cf"), 0);
	found("mqueue(out):./var/spool/mqueue", NULL);
	assert_int_equal(rmdir("var/spool/mqueue"), 0);
	found("mqueue(out):./var/spool/mqueue!", NULL);
}

/* Each file that is there has to be readable; else a queue would be missed. */
static void
test_unreadable(void **state)
{
	static const char *const rows[] = {
		"etc/mail/sendmail.cf",
		"etc/mail/submit.cf",
		MS,
		"opt/MailScanner/etc/MailScanner.conf",
		"etc/sendmail.cf",
		"etc/MailScanner/conf.d/x",
	};
	static const char ms[] = "include /etc/MailScanner/conf.d/*\n";
	char want[256];
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		tree_write(rows[i], "");
		if (strstr(rows[i], "conf.d") != NULL)
			tree_write(MS, ms);
		assert_int_equal(chmod(rows[i], 0), 0);
		snprintf(want, sizeof(want),
		    "cannot read ./%s: Permission denied", rows[i]);
		tree_drop(TREE_NOBODY);
		found_fails(want);
		assert_int_equal(unlink(rows[i]), 0);
	}
	tree_make("etc/mail/sendmail.cf/");
	found_fails("cannot read ./etc/mail/sendmail.cf: Invalid argument");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_defaults),
		TREE_TEST(test_missing_directories),
		TREE_TEST(test_unreadable),
	};

	return UNIT_RUN(tests);
}
