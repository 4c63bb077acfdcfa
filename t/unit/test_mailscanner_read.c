/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mailscanner_read.c - the files of MailScanner's settings */
#include <errno.h>
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
test_mailscanner_places(void **state)
{
	(void)state;
	tree_write("usr/local/etc/MailScanner/MailScanner.conf",
	    "Incoming Queue Dir = /c\n");
	found("c(in):./c!", NULL);
	tree_write("opt/MailScanner/etc/MailScanner.conf",
	    "Incoming Queue Dir = /b\n");
	found("b(in):./b!", NULL);
	tree_write(MS, "Incoming Queue Dir = /a\n");
	found("a(in):./a!", NULL);
}

static void
test_include(void **state)
{
	(void)state;
	tree_write(MS,
	    "%q% = /one\nIncoming Queue Dir = /main\n"
	    "include /etc/MailScanner/conf.d/*.conf\n"
	    "include /etc/none/*\ninclude /etc/none.conf\n"
	    "Outgoing Queue Dir = %q%\n");
	found("main(in):./main! one(out):./one!", NULL);
	tree_write("etc/MailScanner/conf.d/20.conf",
	    "Incoming Queue Dir = /twenty\n");
	tree_write("etc/MailScanner/conf.d/10.conf",
	    "%q% = /two\n"
	    "Incoming Queue Dir = /ten\nOutgoing Queue Dir = /no\n");
	tree_write("etc/MailScanner/conf.d/README", "MTA = exim\n");
	found("twenty(in):./twenty! two(out):./two!", NULL);

	/* MailScanner reads no file twice, itself included. */
	tree_write("etc/MailScanner/conf.d/20.conf",
	    "Incoming Queue Dir = /twenty\n"
	    "include /etc/MailScanner/conf.d/20.conf\n"
	    "include /etc/MailScanner/MailScanner.conf\n"
	    "include /etc/MailScanner/conf.d/10.conf\n");
	found("twenty(in):./twenty! two(out):./two!", NULL);
	/* A Perl glob: several patterns, braces. */
	tree_write(MS,
	    "include /etc/none \t/etc/MailScanner/{x,conf}.d/{20,10}.conf\n");
	found("ten(in):./ten! no(out):./no!", NULL);
	/* No variable is put in, and no relative path is looked up. */
	tree_write(MS, "\n%c% = /etc\ninclude %c%/MailScanner/conf.d/*\n");
	found_fails("./" MS " line 3: %c%/MailScanner/conf.d/* does not begin "
		    "with '/'; in an include line MailScanner puts in no "
		    "variable");
	tree_write(MS,
	    "include /etc/MailScanner/{1,2}{1,2,3,4,5,6,7,8,9}"
	    "{1,2,3,4,5,6,7,8,9}{1,2,3,4,5,6,7,8,9}\n");
	found_fails("./" MS " line 1: this stands for too many patterns");
}

static void
test_include_depth(void **state)
{
	char path[64], text[64];
	int i;

	(void)state;
	tree_write(MS, "include /etc/MailScanner/0\n");
	for (i = 0; i < 70; i++) {
		snprintf(path, sizeof(path), "etc/MailScanner/%d", i);
		snprintf(text, sizeof(text), "\ninclude /etc/MailScanner/%d\n",
		    i + 1);
		tree_write(path, text);
	}
	found_fails("./etc/MailScanner/63 line 2: includes are nested too "
		    "deeply");
}

/* Nor may a directory of included files be passed over. */
static void
test_unreadable_include(void **state)
{
	struct queue_list list = QUEUE_LIST_INIT;
	struct buf why = BUF_INIT, want = BUF_INIT;
	int rc;

	(void)state;
	tree_write(MS, "include /etc/MailScanner/conf.d/*\n");
	tree_write("etc/MailScanner/conf.d/x", "Incoming Queue Dir = /in\n");
	assert_int_equal(chmod("etc/MailScanner/conf.d", 0), 0);
	tree_drop(TREE_NOBODY);
	rc = discover_queues(&list, ".", &why);
	tree_regain();
	assert_int_equal(chmod("etc/MailScanner/conf.d", 0755), 0);
	queue_list_free(&list);
	assert_int_equal(rc, -1);
	assert_non_null(strstr(buf_str(&why), "Permission denied"));
	buf_free(&why);

	/* Permissions are not always the reason. */
	assert_int_equal(symlink("loop", "etc/MailScanner/loop"), 0);
	tree_write(MS, "include /etc/MailScanner/loop/*\n");
	buf_addf(&want, "cannot read /etc/MailScanner/loop/*: %s",
	    strerror(ELOOP));
	found_fails(buf_str(&want));
	buf_free(&want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_mailscanner_places),
		TREE_TEST(test_include),
		TREE_TEST(test_include_depth),
		TREE_TEST(test_unreadable_include),
	};

	return UNIT_RUN(tests);
}
