/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail_access_fault.c - lines that makemap complains of */
#include "unit.h"

#include "mta/sendmail/access/block.h"
#include "mta/sendmail/access/fault.h"
#include "mta/sendmail/access/key.h"
#include "mta/sendmail/access/line.h"

/* All faults of a text, in a line each. */
static void
check(const char *text, bool keep_case, const char *want)
{
	struct entries map = ENTRIES_INIT;
	struct sendmail_access_fault_list list;
	struct buf b = BUF_INIT;
	size_t i;

	assert_int_equal(entries_parse(&map, &sendmail_block, text,
			     strlen(text)),
	    0);
	assert_int_equal(sendmail_access_fault_find(&list, &map, keep_case), 0);
	buf_addf(&b, "%zu", list.n);
	for (i = 0; i < list.n && i < SENDMAIL_ACCESS_FAULT_KEPT; i++) {
		buf_adds(&b, "; ");
		sendmail_access_fault_add(&b, list.v + i, "/f");
	}
	unit_assert_text(buf_str(&b), want, text);
	entries_free(&map);
	buf_free(&b);
}

/* Each was complained of by makemap 8.17.1.9, and no other. */
static void
test_kinds(void **state)
{
	(void)state;
	check("", false, "0");
	check("a OK\n\n#x\n# y\nb OK", false, "0");
	check("Connect:192.0.2.1 REJECT\nConnect:192.0.2.1 REJECT\n", false,
	    "1; line 2 of /f has the key of line 1 again");
	check("# c\r\n\r\nConnect:192.0.2.1 REJECT\r\n", false,
	    "1; line 2 of /f begins with a blank");
	check("a OK\nb\n\tc OK\n  \n d OK\nKey OK\nkey REJECT\n", false,
	    "5; line 2 of /f has a key without a value; line 3 of /f begins"
	    " with a blank; line 4 of /f begins with a blank; line 5 of /f"
	    " begins with a blank; line 7 of /f has the key of line 6 again");
	check("Key OK\nkey REJECT\nKey x\n", true,
	    "1; line 3 of /f has the key of line 1 again");
	check("a \na OK\n", false, "1; line 1 of /f has a key without a value");
}

/* The first five, in the order of the file. */
static void
test_many(void **state)
{
	(void)state;
	check("a x\na x\na x\na x\na x\na x\n b\na x\n", false,
	    "7; line 2 of /f has the key of line 1 again; line 3 of /f has the"
	    " key of line 1 again; line 4 of /f has the key of line 1 again;"
	    " line 5 of /f has the key of line 1 again; line 6 of /f has the"
	    " key of line 1 again");
	check("b x\na x\nb x\na x\n c\n d\n e\n", false,
	    "5; line 3 of /f has the key of line 1 again; line 4 of /f has the"
	    " key of line 2 again; line 5 of /f begins with a blank; line 6 of"
	    " /f begins with a blank; line 7 of /f begins with a blank");
}

/* A line of 1022 bytes is read; of one more, the rest is another line. */
static void
test_long(void **state)
{
	char text[3 * SENDMAIL_ACCESS_LINE_LONG];
	struct entries map = ENTRIES_INIT;
	struct client k;
	const char *unused;

	(void)state;
	memset(text, 'x', sizeof(text));
	memcpy(text + SENDMAIL_ACCESS_LINE_LONG - 3, "x y\n", 5);
	text[0] = 'k';
	/* 1022 bytes, without the end. */
	memmove(text + 1, text + 2, strlen(text + 2) + 1);
	check(text, false, "0");
	memset(text, 'x', sizeof(text));
	memcpy(text + SENDMAIL_ACCESS_LINE_LONG,
	    "k\tOK\nConnect:192.0.2.1 OK\n", 27);
	check(text, false, "1; line 1 of /f is longer than 1023 bytes");
	assert_int_equal(entries_parse(&map, &sendmail_block, text,
			     strlen(text)),
	    0);
	assert_int_equal(map.nlines, 3);
	assert_int_equal(map.line[0].key.n, 0);
	assert_int_equal(map.line[1].key.n, 1);
	assert_int_equal(map.line[1].number, 1);
	assert_int_equal(map.line[2].number, 2);
	assert_int_equal(client_parse(&k, "192.0.2.1", &unused), 0);
	assert_true(sendmail_access_key_of(&k, map.line[2].key));
	entries_free(&map);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_long),
	};

	return UNIT_RUN(tests);
}
