/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_sendmail_access_key.c - the keys of the access map, and their order */
#include "clients.h"

#include "mta/sendmail/access/key.h"

/* Adds the texts, each with a blank before it. */
static void
add_keys(struct buf *b, const struct block_keys *list)
{
	size_t i;

	for (i = 0; i < list->n; i++) {
		buf_addc(b, ' ');
		buf_adds(b, list->key[i] + strlen("Connect:"));
		assert_memory_equal(list->key[i], "Connect:", 8);
	}
}

/* What is typed, its canonical form, and its keys; NULL: none, or an error. */
static const struct key_row {
	const char *text, *canonical, *keys, *compressed;
} rows[] = {
	{ "192.0.2.66", "192.0.2.66", " 192.0.2.66", " 192.0.2.66" },
	{ "[192.0.2.66]", "192.0.2.66", " 192.0.2.66", " 192.0.2.66" },
	{ "192.0.2.66/32", "192.0.2.66", " 192.0.2.66", " 192.0.2.66" },
	{ "::ffff:192.0.2.66", "192.0.2.66", " 192.0.2.66", " 192.0.2.66" },
	{ "192.0.2.0/24", "192.0.2.0/24", " 192.0.2", " 192.0.2" },
	{ "192.0.0.0/16", "192.0.0.0/16", " 192.0", " 192.0" },
	{ "10.0.0.0/8", "10.0.0.0/8", " 10", " 10" },
	{ "192.0.2.254/31", "192.0.2.254/31", " 192.0.2.254 192.0.2.255",
	    " 192.0.2.254 192.0.2.255" },
	{ "10.254.0.0/15", "10.254.0.0/15", " 10.254 10.255",
	    " 10.254 10.255" },
	{ "10.0.252.0/22", "10.0.252.0/22",
	    " 10.0.252 10.0.253 10.0.254 10.0.255",
	    " 10.0.252 10.0.253 10.0.254 10.0.255" },
	{ "192.0.2.0/25", "192.0.2.0/25", NULL, NULL },
	{ "0.0.0.0/0", "0.0.0.0/0", NULL, NULL },
	{ "2001:db8::10", "2001:db8::10", " IPv6:2001:db8:0:0:0:0:0:10",
	    " IPv6:2001:db8::10" },
	{ "IPv6:2001:DB8:0:0::10", "2001:db8::10",
	    " IPv6:2001:db8:0:0:0:0:0:10", " IPv6:2001:db8::10" },
	{ "[IPv6:2001:db8:1:2:3:4:5:6]", "2001:db8:1:2:3:4:5:6",
	    " IPv6:2001:db8:1:2:3:4:5:6", " IPv6:2001:db8:1:2:3:4:5:6" },
	{ "2001:db8:1:0:5:0:0:6", "2001:db8:1:0:5::6",
	    " IPv6:2001:db8:1:0:5:0:0:6", " IPv6:2001:db8:1:0:5::6" },
	{ "::2", "::2", " IPv6:0:0:0:0:0:0:0:2", " IPv6:::2" },
	{ "2001:db8::/32", "2001:db8::/32", " IPv6:2001:db8",
	    " IPv6:2001:db8" },
	{ "2001:db8:1:2::/64", "2001:db8:1:2::/64", " IPv6:2001:db8:1:2",
	    " IPv6:2001:db8:1:2" },
	/* A network with 0s has no key of its own if they are shortened. */
	{ "2001:db8::/64", "2001:db8::/64", " IPv6:2001:db8:0:0", NULL },
	{ "2001:0:0:5::/64", "2001:0:0:5::/64", " IPv6:2001:0:0:5", NULL },
	{ "2001:0:7:5::/64", "2001:0:7:5::/64", " IPv6:2001:0:7:5",
	    " IPv6:2001:0:7:5" },
	{ "2001:db8:1:e::/63", "2001:db8:1:e::/63",
	    " IPv6:2001:db8:1:e IPv6:2001:db8:1:f",
	    " IPv6:2001:db8:1:e IPv6:2001:db8:1:f" },
	{ "2001:db8::/40", "2001:db8::/40", NULL, NULL },
	{ "::/0", "::/0", NULL, NULL },
	{ "Bad.Example", "bad.example", " bad.example", " bad.example" },
	{ "mx_1.bad.example.", "mx_1.bad.example", " mx_1.bad.example",
	    " mx_1.bad.example" },
	{ "com", "com", " com", " com" },
};

static void
run_keys(const struct key_row *row, bool compressed, const char *want)
{
	struct client k = clients_parsed(row->text);
	struct block_keys list;
	struct buf b = BUF_INIT;
	const char *why = NULL;
	int rc = sendmail_access_key_list(&k, compressed, &list, &why);

	if (rc == 0)
		add_keys(&b, &list);
	else
		assert_non_null(why);
	unit_assert_text(rc == 0 ? buf_str(&b) : NULL, want, row->text);
	buf_free(&b);
}

static void
test_keys(void **state)
{
	struct client k;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		struct buf b = BUF_INIT;

		k = clients_parsed(rows[i].text);
		client_add(&b, &k);
		unit_assert_text(buf_str(&b), rows[i].canonical, rows[i].text);
		buf_free(&b);
		run_keys(rows + i, false, rows[i].keys);
		run_keys(rows + i, true, rows[i].compressed);
	}
}

static void
test_of(void **state)
{
	static const struct {
		const char *key, *want;
	} keys[] = {
		/* clang-format off */
		{ "Connect:192.0.2.66", "192.0.2.66" },
		{ "connect:192.0.2", "192.0.2.0/24" },
		{ "CONNECT:10", "10.0.0.0/8" }, { "10.1", "10.1.0.0/16" },
		{ "Connect:[192.0.2.66]", "192.0.2.66" },
		{ "[192.0.2]", "192.0.2.0/24" },
		{ "Connect:IPv6:2001:db8:1", "2001:db8:1::/48" },
		{ "ipv6:2001:DB8:0:0:0:0:0:10", "2001:db8::10" },
		{ "Connect:IPv6:2001:db8::10", "2001:db8::10" },
		{ "Connect:[IPv6:2001:db8::10]", "2001:db8::10" },
		{ "Connect:IPv6:2001", "2001::/16" },
		{ "Connect:bad.example", "bad.example" },
		{ "Bad.Example", "bad.example" }, { "com", "com" },
		{ "", NULL }, { "Connect:", NULL }, { "Connect:[]", NULL },
		{ "To:bad.example", NULL }, { "From:a@b.example", NULL },
		{ "a@b.example", NULL }, { "user@", NULL },
		{ "ClientRate:192.0.2.66", NULL },
		{ "GreetPause:127.0.0.1", NULL }, { "Connect:256", NULL },
		{ "Connect:1.2.3.4.5", NULL },
		{ "Connect:[bad.example]", NULL },
		{ "Connect:IPv6:", NULL }, { "Connect:IPv6:x", NULL },
		{ "Connect:IPv6:1:2:3:4:5:6:7:8:9", NULL },
		{ "Connect:.bad.example", NULL }, { "Connect:192.0.", NULL },
		/* clang-format on */
	};
	struct client k;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(keys); i++) {
		struct buf b = BUF_INIT;
		bool ok = sendmail_access_key_of(&k,
		    (struct span){ keys[i].key, strlen(keys[i].key) });

		if (ok)
			client_add(&b, &k);
		unit_assert_text(ok ? buf_str(&b) : NULL, keys[i].want,
		    keys[i].key);
		buf_free(&b);
	}
}

/* Adds a key. */
static int
walk_step(void *arg, const char *key)
{
	struct buf *b = arg;

	buf_addc(b, ' ');
	buf_adds(b, key);
	return 0;
}

/* The order was seen in the test mode of sendmail (t/real/qblock.t). */
static void
test_walk(void **state)
{
	static const struct {
		const char *text, *name;
		struct sendmail_access_way way;
		const char *want;
	} walks[] = {
		{ "192.0.2.66", NULL, { false, false },
		    " Connect:[192.0.2.66] [192.0.2.66]"
		    " Connect:[192.0.2] [192.0.2] Connect:[192.0] [192.0]"
		    " Connect:[192] [192] Connect:192.0.2.66 192.0.2.66"
		    " Connect:192.0.2 192.0.2 Connect:192.0 192.0 Connect:192"
		    " 192" },
		{ "192.0.2.66", "a.bad.example", { false, false },
		    " Connect:a.bad.example a.bad.example"
		    " Connect:bad.example bad.example Connect:example example"
		    " Connect:192.0.2.66 192.0.2.66 Connect:192.0.2 192.0.2"
		    " Connect:192.0 192.0 Connect:192 192" },
		{ "192.0.2.66", "a.bad.example", { false, true },
		    " Connect:a.bad.example a.bad.example"
		    " Connect:.bad.example .bad.example"
		    " Connect:bad.example bad.example"
		    " Connect:.example .example Connect:example example"
		    " Connect:192.0.2.66 192.0.2.66 Connect:192.0.2 192.0.2"
		    " Connect:192.0 192.0 Connect:192 192" },
		{ "a.bad.example", NULL, { false, false },
		    " Connect:a.bad.example"
		    " a.bad.example Connect:bad.example bad.example"
		    " Connect:example example" },
		{ "1:2::8", NULL, { true, false },
		    " Connect:[IPv6:1:2::8] [IPv6:1:2::8]"
		    " Connect:[IPv6:1:2] [IPv6:1:2] Connect:[IPv6:1] [IPv6:1]"
		    " Connect:[IPv6] [IPv6] Connect:IPv6:1:2::8 IPv6:1:2::8"
		    " Connect:IPv6:1:2 IPv6:1:2 Connect:IPv6:1 IPv6:1"
		    " Connect:IPv6 IPv6" },
	};
	struct client k;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(walks); i++) {
		struct buf b = BUF_INIT;

		k = clients_parsed(walks[i].text);
		assert_int_equal(sendmail_access_key_walk(&k, walks[i].name,
				     &walks[i].way, walk_step, &b),
		    0);
		assert_string_equal(buf_str(&b), walks[i].want);
		buf_free(&b);
	}
}

static int
stop_step(void *arg, const char *key)
{
	return ++*(int *)arg == 3 ? 7 : key == NULL;
}

/* Adds a key, and says SKIP for two of them. */
static int
skip_step(void *arg, const char *key)
{
	walk_step(arg, key);
	return strcmp(key, "Connect:b.example") == 0 ||
		strcmp(key, "Connect:192.0.2") == 0 ?
	    SENDMAIL_ACCESS_KEY_SKIP :
	    0;
}

static void
test_walk_stops(void **state)
{
	static const struct sendmail_access_way plain = { false, false };
	struct client k = clients_parsed("192.0.2.66");
	struct buf b = BUF_INIT;
	int n = 0;

	(void)state;
	assert_int_equal(sendmail_access_key_walk(&k, NULL, &plain, stop_step,
			     &n),
	    7);
	assert_int_equal(n, 3);
	/* SKIP of the name ends that; the address follows, and its SKIP. */
	assert_int_equal(sendmail_access_key_walk(&k, "a.b.example", &plain,
			     skip_step, &b),
	    0);
	assert_string_equal(buf_str(&b),
	    " Connect:a.b.example a.b.example Connect:b.example"
	    " Connect:192.0.2.66 192.0.2.66 Connect:192.0.2");
	buf_free(&b);
	k = clients_parsed("a.b.example");
	n = 0;
	assert_int_equal(sendmail_access_key_walk(&k, NULL, &plain, stop_step,
			     &n),
	    7);
	assert_int_equal(n, 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_of),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_walk_stops),
	};

	return UNIT_RUN(tests);
}
