/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_qblock_names.c - the host names that queued mail tells of a client */
#include <stdio.h>

#include "tree.h"

#include "mta/sendmail/sendmail.h"
#include "tools/qblock/names.h"

static void
make_message(const char *kind, int n, const char *relay)
{
	char path[100], text[400];

	snprintf(path, sizeof(path), "q/%s6AMAF0aA0041%02d", kind, n);
	snprintf(text, sizeof(text),
	    "V8\nT1795342500\nK0\nN0\nP30\n$_%s\n$rESMTP\n$sx\n"
	    "S<a@b.example>\nRPFD:<c@d.example>\n.\n",
	    relay);
	tree_write(path, text);
}

/* "192.0.2.66 mail.isp.example, 192.0.2.66 -": what is known of clients. */
static void
look(const char *clients, const char *want, const char *unread)
{
	static struct qblock_names names;
	struct queue_list queues = QUEUE_LIST_INIT;
	struct accesskey key[2];
	struct buf b = BUF_INIT;
	char copy[80], *word, *rest = NULL;
	const char *unused;
	size_t n = 0, i, j;

	snprintf(copy, sizeof(copy), "%s", clients);
	for (word = strtok_r(copy, " ", &rest); word != NULL;
	     word = strtok_r(NULL, " ", &rest))
		assert_int_equal(accesskey_parse(key + n++, word, &unused), 0);
	qblock_names_init(&names);
	assert_int_equal(queue_list_add_spec(&queues, &sendmail_mta, "q"), 0);
	qblock_names_look(&names, key, n, &queues, &when_system);
	/* In which order they were read is not told. */
	for (i = 1; i < names.n; i++)
		for (j = i; j != 0; j--)
			if (strcmp(names.v[j].name, names.v[j - 1].name) < 0) {
				struct qblock_names_one t = names.v[j];

				names.v[j] = names.v[j - 1];
				names.v[j - 1] = t;
			}
	for (i = 0; i < names.n; i++) {
		buf_adds(&b, i == 0 ? "" : ", ");
		accesskey_add(&b, &names.v[i].address);
		buf_addf(&b, " %s",
		    names.v[i].name[0] != '\0' ? names.v[i].name : "-");
	}
	unit_assert_text(buf_str(&b), want, clients);
	if (strstr(buf_str(&names.unread), unread) == NULL ||
	    (*unread == '\0') != (names.unread.len == 0))
		fail_msg("%s: '%s'", clients, buf_str(&names.unread));
	qblock_names_free(&names);
	queue_list_free(&queues);
	buf_free(&b);
}

static void
test_look(void **state)
{
	(void)state;
	TREE_MAKE("q/");
	make_message("qf", 1, "Mail.ISP.example [192.0.2.66]");
	make_message("qf", 2, "mail.isp.example [192.0.2.66]");
	make_message("qf", 3, "mx.isp.example [192.0.2.67]");
	make_message("qf", 4, "[198.51.100.1]");
	make_message("qf", 5, "lies.example [198.51.100.2] (may be forged)");
	make_message("qf", 6, "what is this [198.51.100.3]");
	make_message("qf", 7, "localhost [127.0.0.1]");
	make_message("qf", 8, "root@localhost");
	make_message("hf", 9, "held.example [198.51.100.4]");
	make_message("qf", 10, "v6.example [IPv6:2001:db8:0:0:0:0:0:1]");
	look("192.0.2.66", "192.0.2.66 mail.isp.example", "");
	look("192.0.2.0/24",
	    "192.0.2.66 mail.isp.example, 192.0.2.67 mx.isp.example", "");
	/* No name, or one that sendmail does not go by. */
	look("198.51.100.1", "198.51.100.1 -", "");
	look("198.51.100.2", "198.51.100.2 -", "");
	look("198.51.100.3", "", "");
	look("198.51.100.4", "198.51.100.4 held.example", "");
	look("2001:db8::/64", "2001:db8::1 v6.example", "");
	look("203.0.113.1", "", "");
	look("192.0.2.66 mail.isp.example", "192.0.2.66 mail.isp.example", "");
	look("isp.example", "", "");
	look("127.0.0.1", "", "");
}

static void
test_full(void **state)
{
	char relay[60];
	int i;

	(void)state;
	TREE_MAKE("q/");
	for (i = 0; i < 90; i++) {
		snprintf(relay, sizeof(relay), "h%d.example [192.0.2.%d]", i,
		    i);
		make_message("qf", i, relay);
	}
	static struct qblock_names names;
	struct queue_list queues = QUEUE_LIST_INIT;
	struct accesskey key;
	const char *unused;

	qblock_names_init(&names);
	assert_int_equal(accesskey_parse(&key, "192.0.2.0/24", &unused), 0);
	assert_int_equal(queue_list_add_spec(&queues, &sendmail_mta, "q"), 0);
	qblock_names_look(&names, &key, 1, &queues, &when_system);
	assert_int_equal(names.n, QBLOCK_NAMES);
	assert_int_equal(names.unread.len, 0);
	assert_true(qblock_names_has(&names, &key));
	qblock_names_free(&names);
	queue_list_free(&queues);
}

static void
test_unread(void **state)
{
	(void)state;
	look("192.0.2.66", "", "q: No such file or directory");
}

static void
test_give(void **state)
{
	static struct qblock_names names;
	struct accesskey key, other;
	const char *unused;

	(void)state;
	qblock_names_init(&names);
	assert_int_equal(accesskey_parse(&key, "192.0.2.66", &unused), 0);
	assert_int_equal(accesskey_parse(&other, "192.0.2.67", &unused), 0);
	assert_false(qblock_names_has(&names, &key));
	assert_int_equal(qblock_names_give(&names, &key, "Mail.Example."), 0);
	assert_int_equal(qblock_names_give(&names, &key, "mail.example"), 0);
	assert_int_equal(qblock_names_give(&names, &key, "no name"), -1);
	assert_int_equal(qblock_names_give(&names, &key, "192.0.2.66"), -1);
	assert_int_equal(names.n, 1);
	assert_string_equal(names.v[0].name, "mail.example");
	assert_true(qblock_names_has(&names, &key));
	assert_false(qblock_names_has(&names, &other));
	qblock_names_free(&names);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_look),
		TREE_TEST(test_full),
		TREE_TEST(test_unread),
		cmocka_unit_test(test_give),
	};

	return UNIT_RUN(tests);
}
