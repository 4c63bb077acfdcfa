/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqc_hosts.c - which hosts mqc asks, as they are typed */
#include "unit.h"

#include "tools/mqc/hosts.h"

static void
test_add(void **state)
{
	static const struct {
		const char *spec, *name, *host, *port;
	} rows[] = {
		{ "mx1", "mx1", "mx1", "5119" },
		{ "mx1:99", "mx1:99", "mx1", "99" },
		{ "a=mx1.example.net", "a", "mx1.example.net", "5119" },
		{ " a \t= mx1:7 ", "a", "mx1", "7" },
		{ "[::1]:80", "[::1]:80", "::1", "80" },
		{ "six = [2001:db8::1]", "six", "2001:db8::1", "5119" },
		{ "six=2001:db8::1", "six", "2001:db8::1", "5119" },
	};
	struct mqc_hosts h;
	struct buf why = BUF_INIT;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		h = (struct mqc_hosts)MQC_HOSTS_INIT;
		assert_int_equal(mqc_hosts_add(&h, rows[i].spec, &why), 0);
		unit_assert_text(h.v[0].name, rows[i].name, rows[i].spec);
		unit_assert_text(h.v[0].peer.host, rows[i].host, rows[i].spec);
		unit_assert_text(h.v[0].peer.port, rows[i].port, rows[i].spec);
		assert_null(h.v[0].argv);
		mqc_hosts_free(&h);
	}
}

static void
test_refused(void **state)
{
	static const struct {
		const char *spec, *why;
	} rows[] = {
		{ "", ": a name is one word of at most 63 ASCII characters" },
		{ "=mx1",
		    ": a name is one word of at most 63 ASCII characters" },
		{ "a b = mx1",
		    "a b: a name is one word of at most 63 ASCII characters" },
		{ "a\x1b = mx1",
		    "a?: a name is one word of at most 63 ASCII characters" },
		{ "a = mx1 mx2",
		    "mx1 mx2: expected HOST[:PORT], or exec: and a command" },
		{ "a = mx1:0",
		    "mx1:0: expected a port from 1 to 65535 after the ':'" },
		{ "a =", ": expected HOST or HOST:PORT" },
		{ "a = exec:", "a: a command is missing after exec:" },
		{ "exec: ssh mx1",
		    "exec: ssh mx1: a command needs a name: NAME = exec: ..." },
		{ "dup = mx2", "dup: this name comes twice" },
	};
	struct mqc_hosts h = MQC_HOSTS_INIT;
	struct buf why = BUF_INIT;
	size_t i;

	(void)state;
	assert_int_equal(mqc_hosts_add(&h, "dup=mx1", &why), 0);
	for (i = 0; i < ROWS(rows); i++) {
		buf_truncate(&why, 0);
		assert_int_equal(mqc_hosts_add(&h, rows[i].spec, &why), -1);
		unit_assert_text(buf_str(&why), rows[i].why, rows[i].spec);
		assert_int_equal(h.n, 1);
	}
	mqc_hosts_free(&h);
	buf_free(&why);
}

/* Words, as they are: a shell's own characters mean nothing. */
static void
test_command(void **state)
{
	static const char *const words[] = { "ssh", "-o", "User=a", "mx1",
		"mqreport", "$(id)", "'x", "y'" };
	struct mqc_hosts h = MQC_HOSTS_INIT;
	struct buf why = BUF_INIT;
	size_t i;

	(void)state;
	assert_int_equal(
	    mqc_hosts_add(&h,
		"mx1 = exec: ssh -o User=a\tmx1  mqreport $(id) 'x y' ", &why),
	    0);
	assert_string_equal(h.v[0].name, "mx1");
	for (i = 0; i < ROWS(words); i++)
		assert_string_equal(h.v[0].argv[i], words[i]);
	assert_null(h.v[0].argv[i]);
	mqc_hosts_free(&h);
}

static void
test_file(void **state)
{
	static const char text[] = "# the relays\n\nmx1\r\n"
				   "  mx2 = 192.0.2.2:99 # the new one\n\t\n"
				   "mx3 = exec: ssh a#b\r # c\nlast";
	struct mqc_hosts h = MQC_HOSTS_INIT;
	struct buf why = BUF_INIT;

	(void)state;
	assert_int_equal(mqc_hosts_parse(&h, text, strlen(text), &why), 0);
	assert_int_equal(h.n, 4);
	assert_string_equal(h.v[0].peer.host, "mx1");
	assert_string_equal(h.v[1].peer.host, "192.0.2.2");
	assert_string_equal(h.v[1].peer.port, "99");
	assert_string_equal(h.v[2].argv[1], "a#b");
	assert_string_equal(h.v[3].name, "last");
	assert_int_equal(mqc_hosts_parse(&h, "new\nmx1\nx", 9, &why), -1);
	assert_string_equal(buf_str(&why),
	    "line 2: mx1: this name comes twice");
	buf_truncate(&why, 0);
	assert_int_equal(mqc_hosts_parse(&h, NULL, 0, &why), 0);
	assert_int_equal(h.n, 5);
	assert_int_equal(mqc_hosts_parse(&h, "a\0b", 3, &why), -1);
	assert_string_equal(buf_str(&why), "it is no text file");
	mqc_hosts_free(&h);
	buf_free(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_file),
	};

	return UNIT_RUN(tests);
}
