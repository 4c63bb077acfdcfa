/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_guard.c - clients that are not to be blocked */
#include "unit.h"

#include "block/guard.h"
#include "mta/sendmail/access/block.h"
#include "mta/sendmail/access/place.h"

static struct addr own[2];
static struct guard guard = { own, 2, "mx.own.example.net" };

static const char file[] = "# Connect:203.0.113.9 RELAY\n"
			   "Connect:198.51.100\tRELAY\n"
			   "198.51.0 OK\n"
			   "Connect:[203.0.113.8]  OK\n"
			   "Connect:203.0.113.7\tSKIP\n"
			   "Connect:203.0.113.6\tREJECT\n"
			   "To:203.0.113.5\tRELAY\n"
			   "Connect:IPv6:2001:db8:1\tOK\n"
			   "Connect:good.example.org RELAY\n";

static int
set_up(void **state)
{
	(void)state;
	return addr_parse(own, "192.0.2.1", 9) != 0 ||
		addr_parse(own + 1, "2001:db8::1", 11) != 0 ?
	    -1 :
	    0;
}

/* Why it is refused; "" if it is not. */
static void
check(const char *client, bool wide, const char *want)
{
	struct entries map = ENTRIES_INIT;
	struct buf why = BUF_INIT;
	struct client k;
	const char *reason;
	int rc;

	assert_int_equal(entries_parse(&map, &sendmail_block, file,
			     strlen(file)),
	    0);
	assert_int_equal(client_parse(&k, client, &reason), 0);
	rc = guard_check(&guard, &k, &map, wide, &why);
	assert_int_equal(rc, *want != '\0' ? -1 : 0);
	if ((*want == '\0') != (why.len == 0) ||
	    strstr(buf_str(&why), want) == NULL)
		fail_msg("%s: '%s'", client, buf_str(&why));
	entries_free(&map);
	buf_free(&why);
}

static void
test_check(void **state)
{
	static const struct {
		const char *client;
		bool wide;
		const char *want;
	} rows[] = {
		/* clang-format off */
		{ "192.0.2.66", false, "" }, { "192.0.2.2", true, "" },
		{ "192.0.2.1", true, "would block this host: 192.0.2.1" },
		{ "192.0.2.0/24", true, "would block this host: 192.0.2.1" },
		{ "2001:db8::/64", true, "this host: 2001:db8::1" },
		{ "2001:db8:0:1::/64", true, "" },
		{ "127.0.0.1", true, "loopback" }, { "::1", true, "loopback" },
		{ "127.0.0.0/8", true, "loopback" },
		{ "0.0.0.0/1", true, "loopback" },
		{ "::/16", true, "loopback" }, { "0.1.2.3", true, "loopback" },
		{ "224.0.0.1", true, "loopback" },
		{ "255.255.255.255", true, "loopback" },
		{ "ff02::1", true, "loopback" },
		/* A whole network has to be meant. */
		{ "203.0.112.0/24", false, "" },
		{ "203.0.112.0/23", false, "wider than /24" },
		{ "203.0.112.0/23", true, "" },
		{ "10.0.0.0/8", false, "--wide" }, { "10.0.0.0/8", true, "" },
		{ "2001:db9::/64", false, "" },
		{ "2001:db9::/63", false, "wider than /64" },
		{ "2001:db9::/48", true, "" },
		/* What the file lets in. */
		{ "198.51.100.7", true, "line 2 (Connect:198.51.100 RELAY)" },
		{ "198.51.100.0/24", true, "line 2" },
		{ "198.51.0.9", true, "line 3 (198.51.0 OK)" },
		{ "198.51.0.0/16", true, "" },
		{ "203.0.113.9", true, "" }, { "203.0.113.5", true, "" },
		{ "203.0.113.8", true, "line 4 (Connect:[203.0.113.8] OK)" },
		{ "203.0.113.7", true, "line 5" }, { "203.0.113.6", true, "" },
		{ "203.0.113.0/24", true, "" },
		{ "2001:db8:1::5", true, "line 8" },
		{ "2001:db8:2::5", true, "" },
		/* Names. */
		{ "bad.example.org", false, "" },
		{ "good.example.org", true, "line 9" },
		{ "a.good.example.org", true, "line 9" },
		{ "example.org", false, "" },
		{ "mx.own.example.net", true, "would block this host" },
		{ "own.example.net", true, "would block this host" },
		{ "x.own.example.net", true, "" },
		{ "net", true, "would block this host" },
		{ "localhost", true, "is this host" },
		{ "localdomain", true, "is this host" },
		{ "org", false, "many owners" }, { "org", true, "" },
		{ "co.uk", false, "many owners" }, { "co.uk", true, "" },
		/* clang-format on */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		check(rows[i].client, rows[i].wide, rows[i].want);
}

static void
test_note(void **state)
{
	struct entries map = ENTRIES_INIT;
	struct buf b = BUF_INIT;
	struct client k;
	const char *reason;

	(void)state;
	assert_int_equal(entries_parse(&map, &sendmail_block, file,
			     strlen(file)),
	    0);
	assert_int_equal(client_parse(&k, "203.0.113.0/24", &reason), 0);
	guard_note(&b, &k, &map, 5);
	assert_string_equal(buf_str(&b),
	    "note: still let in by line 4 (Connect:[203.0.113.8] OK)\n"
	    "note: still let in by line 5 (Connect:203.0.113.7 SKIP)\n");
	buf_truncate(&b, 0);
	guard_note(&b, &k, &map, 1);
	assert_string_equal(buf_str(&b),
	    "note: still let in by line 4 (Connect:[203.0.113.8] OK)\n");
	buf_truncate(&b, 0);
	assert_int_equal(client_parse(&k, "203.0.113.6", &reason), 0);
	guard_note(&b, &k, &map, 5);
	assert_int_equal(b.len, 0);
	entries_free(&map);
	buf_free(&b);
}

/* What the names of a client do to a block: why it is refused, and notes. */
static void
names(const char *client, const char *text, const char *want, const char *notes)
{
	static const char *const given[][2] = {
		{ "192.0.2.66", "mail.isp.example" },
		{ "192.0.2.67", "mx.other.example" },
		{ "192.0.2.68", "mx.isp.example" },
	};
	static const struct sendmail_access_place place =
	    SENDMAIL_ACCESS_PLACE_INIT(&sendmail_block, "access");
	struct entries map = ENTRIES_INIT;
	struct buf why = BUF_INIT, said = BUF_INIT;
	static struct names list;
	struct client k;
	const char *reason;
	size_t i;
	int rc;

	names_init(&list);
	for (i = 0; i < ROWS(given); i++) {
		assert_int_equal(client_parse(&k, given[i][0], &reason), 0);
		assert_int_equal(names_give(&list, &k, given[i][1]), 0);
	}
	/* One that has none. */
	list.v[list.n++] = (struct names_one){ k, "" };
	assert_int_equal(entries_parse(&map, &sendmail_block, text,
			     strlen(text)),
	    0);
	assert_int_equal(client_parse(&k, client, &reason), 0);
	rc = guard_names(&list, &k, &map, &place.place, &said, &why);
	assert_int_equal(rc, *want != '\0' ? -1 : 0);
	if ((*want == '\0') != (why.len == 0) ||
	    strstr(buf_str(&why), want) == NULL)
		fail_msg("%s: '%s'", client, buf_str(&why));
	unit_assert_text(buf_str(&said), notes, text);
	entries_free(&map);
	buf_free(&why);
	buf_free(&said);
}

static void
test_names(void **state)
{
	(void)state;
	names("192.0.2.66", "Connect:isp.example OK\n",
	    "refused: 192.0.2.66 would not be refused: as mail.isp.example it"
	    " is let in by line 1 (Connect:isp.example OK) of the access file,"
	    " because sendmail looks at the name before the address;",
	    "");
	names("192.0.2.66", "a b\nexample RELAY\n", "line 2 (example RELAY)",
	    "");
	names("192.0.2.66", "Connect:isp.example DISCARD\n", "line 1", "");
	/* The longest name decides, and so does a refusal. */
	names("192.0.2.66",
	    "Connect:isp.example OK\nConnect:mail.isp.example no\n", "", "");
	names("192.0.2.66", "Connect:isp.example REJECT\nexample OK\n", "", "");
	/* SKIP leaves it to the address, or refuses by its text. */
	names("192.0.2.66", "Connect:isp.example SKIP\nexample OK\n", "", "");
	/* Names of others. */
	names("192.0.2.67", "Connect:isp.example OK\n", "", "");
	names("198.51.100.1", "Connect:isp.example OK\n", "", "");
	names("192.0.2.66", "From:isp.example OK\n", "", "");
	names("192.0.2.0/24", "Connect:isp.example OK\n", "",
	    "note: 192.0.2.66 is still let in as mail.isp.example by line 1"
	    " (Connect:isp.example OK): sendmail looks at the name first\n"
	    "note: 192.0.2.68 is still let in as mx.isp.example by line 1"
	    " (Connect:isp.example OK): sendmail looks at the name first\n");
}

/* This machine has loopback addresses, and a name. */
static void
test_init(void **state)
{
	struct guard g;
	bool found = false;
	size_t i;

	(void)state;
	assert_int_equal(guard_init(&g), 0);
	for (i = 0; i < g.n; i++)
		found = found || addr_is_loopback(g.address + i);
	assert_true(found);
	assert_string_not_equal(g.name, "");
	guard_free(&g);
	assert_int_equal(g.n, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_note),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_init),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, NULL);
}
