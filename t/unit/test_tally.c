/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_tally.c - counts by relay, sender ..., in bounded memory */
#include <stdio.h>

#include "unit.h"

#include "count/tally.h"
#include "mail/key.h"
#include "mail/selector.h"
#include "mta/sendmail/qf.h"

#define NOW INT64_C(1795342500)

static struct span
span(const char *s)
{
	return (struct span){ s, strlen(s) };
}

/* A message from an address, which arrived age seconds ago. */
static struct envelope
message(const char *address, int64_t age)
{
	struct envelope e = {
		.arrival = NOW - age,
		.has_sender = true,
		.recipients = 1,
		.sender = span("a@Sender.example"),
		.helo = span("HELO.example"),
		.relay = { .class = RELAY_SMTP,
		    .host = span("mx.isp.example") },
	};

	assert_int_equal(addr_parse(&e.relay.addr, address, strlen(address)),
	    0);
	return e;
}

static void
assert_key(const struct tally *t, size_t i, const char *key, uint64_t count)
{
	struct buf b = BUF_INIT;

	assert_true(i < t->ngroups);
	tally_add_key(&b, t, &t->group[i]);
	unit_assert_text(buf_str(&b), key, key_by_name(t->by));
	assert_int_equal(t->group[i].count, count);
	buf_free(&b);
}

static void
assert_host(const struct tally_group *g, const char *want)
{
	struct span host = tally_host(g);

	assert_int_equal(host.n, strlen(want));
	assert_memory_equal(host.p, want, host.n);
}

/* What two messages are grouped as, by each of the keys. */
static void
test_keys(void **state)
{
	static const struct {
		enum key_by by;
		const char *name, *first, *second;
	} rows[] = {
		{ KEY_RELAY, "relay", "192.0.2.66", "2001:db8::10" },
		{ KEY_NETWORK, "network", "192.0.2.0/24", "2001:db8::/64" },
		{ KEY_HELO, "helo", "helo.example", "other.example" },
		{ KEY_SENDER, "sender", "a@sender.example", "<>" },
		{ KEY_SENDER_DOMAIN, "sender-domain", "sender.example", "<>" },
		{ KEY_STATUS, "status", "Deferred", NULL },
	};
	struct envelope one, two;
	enum key_by by;
	struct tally t;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(key_by_parse(rows[i].name, &by), 0);
		assert_int_equal(by, rows[i].by);
		tally_init(&t, by, NOW);
		one = message("192.0.2.66", 10);
		one.status = span("Deferred");
		two = message("2001:db8:0:0::10", 20);
		two.helo = span("other.example");
		two.sender.n = 0;
		assert_int_equal(tally_add(&t, &one), 0);
		assert_int_equal(tally_add(&t, &one), 0);
		assert_int_equal(tally_add(&t, &two), 0);
		tally_sort(&t);
		assert_key(&t, 0, rows[i].first, 2);
		if (rows[i].second != NULL)
			assert_key(&t, 1, rows[i].second, 1);
		assert_int_equal(t.ngroups, rows[i].second != NULL ? 2 : 1);
		assert_int_equal(t.unnamed.count, rows[i].second == NULL);
		tally_free(&t);
	}
	assert_int_equal(key_by_parse("Relay", &by), -1);
	assert_int_equal(key_by_parse("", &by), -1);
}

/* --- selectors ----------------------------------------------------------- */

#define FILE_ROW(text)                               \
	{                                            \
		"V8\n" text, sizeof("V8\n" text) - 1 \
	}

static const struct {
	const char *file;
	size_t n;
} files[] = {
	FILE_ROW("$_mx.a.example [192.0.2.66]\n$sfriend\nMDeferred: 421"
		 " 4.7.0 can't\nS<Win@B.example>\nRPF:<x@one.example>\n"
		 "RPF:<y@ONE.example>\nRPF:<z@two.example>\n.\n"),
	FILE_ROW("$_b.a.example [192.0.2.67]\n$sFRIEND\nMDeferred: 421"
		 " 4.7.0 can't\nS<win@b.example>\nRPF:<x@one.example>\n.\n"),
	/* The same texts, but from this host. */
	FILE_ROW("$_mx.a.example [127.0.0.1]\n$sfriend\nMDeferred\n"
		 "S<win@b.example>\nRPF:root\n.\n"),
	FILE_ROW("$_root@localhost\nSroot\nRPF:root\n.\n"),
	FILE_ROW("$_localhost\nS<>\nRPF:<win@b.example>\n.\n"),
	FILE_ROW("$_mx.a.example [192.0.2.66] (may be forged)\n$sa b|\nS<>\n"
		 "MUser <x> 50% unknown;\xff\nRPF:<x@>\n.\n"),
	FILE_ROW("$_[192.0.2.66]\n$sa\0b\nS<a\0b@c\0d>\nRPF:<x@c\0d>\n"
		 "RPF:<x@c\0e>\n.\n"),
	FILE_ROW("$_[192.0.2.66]\n$sa\0c\nS<a\0c@c\0e>\n.\n"),
	FILE_ROW("$_[IPv6:2001:db8:0:0:0:0:0:10]\nS<'%41$(id)'@x..>\n"
		 "MDeferred: Name server: a.example.: host not found\n.\n"),
	FILE_ROW("$_junk\nSjunk\nMDeferred: Name server: b.c.example.: host"
		 " not found\n.\n"),
};

/* What a selector takes of the messages, as recipients are told. */
struct selected {
	struct selector s;
	struct selector_recipients to;
};

static void
selected_tell(void *arg, struct span address)
{
	struct selected *w = arg;

	selector_tell(&w->s, &w->to, address);
}

static uint64_t
count_selected(struct selected *w)
{
	struct envelope e;
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < ROWS(files); i++) {
		w->to = (struct selector_recipients){ .other = false };
		qf_parse(&e, files[i].file, files[i].n, true, selected_tell, w);
		n += selector_matches(&w->s, &e, &w->to, NOW, true);
	}
	return n;
}

/* The selector of each group takes its messages, and no other. */
static void
assert_selectors(const struct tally *t)
{
	struct selected w = { .s = SELECTOR_INIT };
	const char *class = tally_selector_class(t);
	struct buf b = BUF_INIT, why = BUF_INIT;
	size_t i;

	for (i = 0; i < t->ngroups; i++) {
		tally_add_selector(&b, t, &t->group[i]);
		assert_null(strchr(buf_str(&b), '\''));
		if (selector_parse(&w.s, buf_str(&b), &why) != 0 ||
		    (*class != '\0' && selector_parse(&w.s, class, &why) != 0))
			fail_msg("%s: %s", buf_str(&b), buf_str(&why));
		if (count_selected(&w) != t->group[i].count)
			fail_msg("%s takes %d of %d", buf_str(&b),
			    (int)count_selected(&w), (int)t->group[i].count);
		buf_truncate(&b, 0);
		selector_free(&w.s);
	}
	buf_free(&b);
	buf_free(&why);
}

static void
test_selectors(void **state)
{
	static const size_t groups[] = {
		[KEY_RELAY] = 3,
		[KEY_NETWORK] = 2,
		[KEY_NAME] = 1,
		[KEY_HELO] = 4,
		[KEY_SENDER] = 7,
		[KEY_SENDER_DOMAIN] = 7,
		[KEY_RECIPIENT_DOMAIN] = 6,
		[KEY_STATUS] = 4,
	};
	struct envelope e;
	struct tally t;
	size_t by, i;

	(void)state;
	for (by = 0; by < ROWS(groups); by++) {
		tally_init(&t, (enum key_by)by, NOW);
		for (i = 0; i < ROWS(files); i++) {
			qf_parse(&e, files[i].file, files[i].n, true,
			    by == KEY_RECIPIENT_DOMAIN ? tally_recipient : NULL,
			    &t);
			assert_int_equal(tally_add(&t, &e), 0);
		}
		tally_sort(&t);
		if (t.ngroups != groups[by])
			fail_msg("by %s: %zu", key_by_name(t.by), t.ngroups);
		assert_selectors(&t);
		tally_free(&t);
	}
}

/* How many of a group came from other hosts, also of several tallies. */
static void
test_smtp(void **state)
{
	struct envelope e = message("192.0.2.66", 10);
	struct tally t, more;

	(void)state;
	tally_init(&t, KEY_SENDER, NOW);
	tally_init(&more, KEY_SENDER, NOW);
	assert_int_equal(tally_add(&t, &e), 0);
	assert_int_equal(tally_add(&more, &e), 0);
	e.relay.class = RELAY_LOCAL;
	assert_int_equal(tally_add(&more, &e), 0);
	assert_int_equal(tally_merge(&t, &more), 0);
	assert_int_equal(t.group[0].count, 3);
	assert_int_equal(t.group[0].smtp, 2);
	tally_free(&t);
}

/* A forged name, or one that is none, is nobody's. */
static void
test_name(void **state)
{
	struct envelope e = message("192.0.2.66", 10);
	struct tally t;

	(void)state;
	tally_init(&t, KEY_NAME, NOW);
	e.relay.host = span("Mail.Isp.Co.Uk");
	tally_add(&t, &e);
	e.relay.host = span("other.isp.co.uk");
	tally_add(&t, &e);
	e.relay.forged = true;
	tally_add(&t, &e);
	e.relay.host.n = 0;
	e.relay.forged = false;
	tally_add(&t, &e);
	tally_sort(&t);
#ifdef HAVE_LIBPSL
	assert_int_equal(t.ngroups, 1);
	assert_key(&t, 0, "isp.co.uk", 2);
#else
	assert_int_equal(t.ngroups, 2);
#endif
	assert_int_equal(t.unnamed.count, 2);
	tally_free(&t);
}

/* Each domain of a message's recipients counts once, in any case. */
static void
test_recipient_domains(void **state)
{
	struct envelope e = message("192.0.2.66", 10);
	static char longer[2][KEY_MAX + 10];
	struct tally t;
	int i;

	(void)state;
	tally_init(&t, KEY_RECIPIENT_DOMAIN, NOW);
	for (i = 0; i < 2; i++) {
		tally_recipient(&t, span("a@One.example"));
		tally_recipient(&t, span("b@one.example"));
		if (i == 0)
			tally_recipient(&t, span("c@two.example"));
		assert_int_equal(tally_add(&t, &e), 0);
	}
	tally_sort(&t);
	assert_int_equal(t.ngroups, 2);
	assert_key(&t, 0, "one.example", 2);
	assert_key(&t, 1, "two.example", 1);
	assert_int_equal(t.unnamed.count, 0);
	tally_free(&t);

	/* Two that are the same as far as a key goes are one. */
	memset(longer, 'x', sizeof(longer));
	longer[1][KEY_MAX + 9] = 'y';
	for (i = 0; i < 2; i++)
		tally_recipient(&t,
		    (struct span){ longer[i], sizeof(longer[i]) });
	assert_int_equal(tally_add(&t, &e), 0);
	assert_int_equal(t.ngroups, 1);
	assert_int_equal(t.group[0].count, 1);
	tally_free(&t);

	/* No recipient was seen, and one without an address. */
	assert_int_equal(tally_add(&t, &e), 0);
	tally_recipient(&t, span(""));
	assert_int_equal(tally_add(&t, &e), 0);
	assert_int_equal(t.ngroups, 0);
	assert_int_equal(t.unnamed.count, 2);
	assert_int_equal(t.unnamed.oldest, NOW - 10);
	tally_free(&t);
}

/* What is not smtp is counted apart, and never grouped by host. */
static void
test_classes(void **state)
{
	struct envelope e = message("127.0.0.1", 50);
	enum relay_class i;
	struct tally t;

	(void)state;
	tally_init(&t, KEY_RELAY, NOW);
	for (i = RELAY_SMTP; i < RELAY_CLASSES; i++) {
		e.relay.class = i;
		e.arrival = NOW - 100 * (int)i;
		tally_add(&t, &e);
	}
	tally_sort(&t);
	assert_int_equal(t.read, RELAY_CLASSES);
	assert_int_equal(t.ngroups, 1);
	for (i = RELAY_SMTP; i < RELAY_CLASSES; i++) {
		assert_int_equal(t.classes[i].count, 1);
		assert_int_equal(t.classes[i].oldest, NOW - 100 * (int)i);
	}
	tally_free(&t);

	tally_init(&t, KEY_SENDER, NOW);
	tally_add(&t, &e);
	assert_int_equal(t.ngroups, 1);
	tally_free(&t);
	tally_init(&t, KEY_SENDER, NOW);
	t.smtp_only = true;
	tally_add(&t, &e);
	assert_int_equal(t.ngroups, 0);
	tally_free(&t);
}

/* Two tallies merged are one that saw all. */
static void
test_merge(void **state)
{
	struct tally t[3];
	struct arrivals_flood f;
	struct envelope e;
	char text[32], sender[32];
	bool exact;
	int i;

	(void)state;
	for (i = 0; i < 3; i++)
		tally_init(&t[i], KEY_RELAY, NOW);
	for (i = 0; i < 600; i++) {
		snprintf(text, sizeof(text), "192.0.2.%d",
		    i % 3 == 0 ? 1 : i % 250);
		snprintf(sender, sizeof(sender), "s%d@x.example", i % 5);
		e = message(text, i);
		e.sender = span(sender);
		tally_add(&t[i % 2], &e);
		tally_add(&t[2], &e);
	}
	assert_int_equal(tally_merge(&t[0], &t[1]), 0);
	assert_int_equal(t[1].read, 0);
	tally_sort(&t[0]);
	tally_sort(&t[2]);
	assert_int_equal(t[0].read, 600);
	assert_int_equal(t[0].ngroups, t[2].ngroups);
	for (i = 0; i < (int)t[0].ngroups; i++) {
		assert_int_equal(t[0].group[i].count, t[2].group[i].count);
		assert_int_equal(t[0].group[i].oldest, t[2].group[i].oldest);
		assert_int_equal(t[0].group[i].newest, t[2].group[i].newest);
		assert_int_equal(t[0].group[i].recipients, t[0].group[i].count);
	}
	assert_key(&t[0], 0, "192.0.2.1", t[2].group[0].count);
	assert_int_equal(tally_senders(&t[0].group[0], &exact), 5);
	assert_true(exact);
	assert_true(tally_flood(&t[0].group[0], &f));
	assert_int_equal(f.n, t[0].group[0].count);
	assert_int_equal(f.since, 597);
	assert_int_equal(tally_host(&t[0].group[0]).n, 14);
	tally_free(&t[0]);
	tally_free(&t[2]);
}

/* A relay with several names has the same one whichever is met first. */
static void
test_names(void **state)
{
	static const struct {
		const char *host;
		bool forged;
	} hosts[] = {
		{ "b.example", true },
		{ "", false },
		{ "mx2.example", false },
		{ "mx1.example.org", false },
		{ "mx1.example", false },
		{ "a.example", true },
	};
	static char longer[100];
	struct envelope e = message("192.0.2.66", 10);
	struct tally t[2];
	size_t first, step, i, k;

	(void)state;
	memset(longer, 'a', sizeof(longer));
	for (first = 0; first < ROWS(hosts); first++)
		for (step = 1; step < ROWS(hosts); step += 4) {
			tally_init(&t[0], KEY_RELAY, NOW);
			tally_init(&t[1], KEY_RELAY, NOW);
			for (i = 0; i < ROWS(hosts); i++) {
				k = (first + i * step) % ROWS(hosts);
				e.relay.host = span(hosts[k].host);
				e.relay.forged = hosts[k].forged;
				tally_add(&t[i % 3 == 0], &e);
			}
			/* Not whole, so not proven. */
			e.relay.host = (struct span){ longer, sizeof(longer) };
			e.relay.forged = false;
			tally_add(&t[0], &e);
			assert_int_equal(tally_merge(&t[0], &t[1]), 0);
			assert_int_equal(t[0].ngroups, 1);
			assert_host(&t[0].group[0], "mx1.example");
			assert_true(t[0].group[0].host_proven);
			tally_free(&t[0]);
		}
	/* Without a proven one. */
	tally_init(&t[0], KEY_RELAY, NOW);
	e.relay.forged = true;
	e.relay.host = span("b.example");
	tally_add(&t[0], &e);
	e.relay.host = span("a.example");
	tally_add(&t[0], &e);
	assert_host(&t[0].group[0], "a.example");
	assert_false(t[0].group[0].host_proven);
	tally_free(&t[0]);
}

/* By status, the replies of one reason are one group, with an example. */
static void
test_status(void **state)
{
	static const char *const replies[] = {
		"Deferred: 451 4.7.1 Greylisted, try again in 61 seconds",
		"Deferred: 451 4.7.1 Greylisted, try again in 60 seconds",
		"Deferred: 451 4.7.1 Greylisted, try again in 7 seconds",
		"Deferred: 451 4.7.1 Busy, try again in 7 seconds",
	};
	static char longer[500];
	struct envelope e = message("192.0.2.66", 10);
	struct tally t;
	size_t i;

	(void)state;
	tally_init(&t, KEY_STATUS, NOW);
	e.relay.host = span("a.example");
	for (i = 0; i < ROWS(replies); i++) {
		e.status = span(replies[i]);
		assert_int_equal(tally_add(&t, &e), 0);
	}
	memset(longer, '7', sizeof(longer));
	e.status = (struct span){ longer, sizeof(longer) };
	assert_int_equal(tally_add(&t, &e), 0);
	tally_sort(&t);
	assert_int_equal(t.ngroups, 3);
	assert_key(&t, 0,
	    "Deferred: 451 4.7.1 Greylisted, try again in * seconds", 3);
	assert_host(&t.group[0], replies[1]);
	assert_key(&t, 1, "*", 1);
	assert_int_equal(tally_example(&t.group[1]).n, 160);
	assert_key(&t, 2, "Deferred: 451 4.7.1 Busy, try again in * seconds",
	    1);
	tally_free(&t);
}

#define DISTINCT 1000000
#define HEAVY    20000

/* A million relays with a message each, and one with twenty thousand. */
static void
test_bounded(void **state)
{
	struct envelope e = message("192.0.2.66", 10), heavy = e;
	uint64_t sum = 0;
	struct tally t;
	bool exact;
	uint32_t i;
	size_t g;

	(void)state;
	tally_init(&t, KEY_RELAY, NOW);
	for (i = 0; i < DISTINCT; i++) {
		/* 10.0.0.0 and on. */
		e.relay.addr.b[12] = (uint8_t)(10 + (i >> 24));
		e.relay.addr.b[13] = (uint8_t)(i >> 16);
		e.relay.addr.b[14] = (uint8_t)(i >> 8);
		e.relay.addr.b[15] = (uint8_t)i;
		assert_int_equal(tally_add(&t, &e), 0);
		assert_true(t.ngroups <= TALLY_GROUPS);
		if (i % (DISTINCT / HEAVY) == 0)
			assert_int_equal(tally_add(&t, &heavy), 0);
	}
	tally_sort(&t);
	assert_int_equal(t.read, DISTINCT + HEAVY);
	assert_key(&t, 0, "192.0.2.66", HEAVY);
	assert_int_equal(tally_senders(&t.group[0], &exact), 1);
	for (g = 0; g < t.ngroups; g++)
		sum += t.group[g].count;
	assert_int_equal(sum + t.others.count, DISTINCT + HEAVY);
	assert_int_equal(t.others.oldest, NOW - 10);
	tally_free(&t);
}

/* In a large queue small groups have no detail, unless all shall have it. */
static void
test_detail(void **state)
{
	struct envelope e = message("192.0.2.66", 10);
	struct arrivals_flood f;
	struct tally t;
	bool exact;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		tally_init(&t, KEY_RELAY, NOW);
		t.detail_all = i == 1;
		e = message("192.0.2.66", 10);
		for (int n = 0; n < 5000; n++)
			tally_add(&t, &e);
		e = message("192.0.2.67", 10);
		tally_add(&t, &e);
		tally_sort(&t);
		assert_int_equal(tally_senders(&t.group[1], &exact), i);
		assert_int_equal(exact, i);
		assert_int_equal(tally_flood(&t.group[1], &f), i);
		tally_free(&t);
	}
}

/* The flood is that of all messages, also where the first have no detail. */
static void
test_detail_late(void **state)
{
	struct envelope e = message("192.0.2.66", 600);
	struct arrivals_flood f;
	struct tally t;
	bool exact;
	int i;

	(void)state;
	tally_init(&t, KEY_RELAY, NOW);
	for (i = 0; i < 5120; i++)
		assert_int_equal(tally_add(&t, &e), 0);
	e = message("192.0.2.67", 600);
	for (i = 0; i < 20; i++)
		assert_int_equal(tally_add(&t, &e), 0);
	tally_sort(&t);
	assert_int_equal(t.group[1].count, 20);
	assert_int_equal(t.group[1].detail->seen, 11);
	assert_true(tally_flood(&t.group[1], &f));
	assert_int_equal(f.n, 20);
	assert_true(f.per_minute > 19.99 && f.per_minute < 20.01);
	assert_int_equal(tally_senders(&t.group[1], &exact), 1);
	assert_false(exact);
	tally_free(&t);
}

/* Merging empties a tally that goes on counting, with its own settings. */
static void
test_merge_again(void **state)
{
	struct envelope smtp = message("192.0.2.66", 10), local = smtp;
	char sender[16];
	struct tally all, part;
	uint64_t n;
	bool exact;
	int i, k;

	(void)state;
	local.relay.class = RELAY_LOCAL;
	tally_init(&all, KEY_HELO, NOW);
	all.smtp_only = all.detail_all = true;
	all.seed = 17;
	part = all;
	for (i = 0; i < 3; i++) {
		/* The same fifty senders each time. */
		for (k = 0; k < 50; k++) {
			snprintf(sender, sizeof(sender), "s%d@x", k);
			smtp.sender = span(sender);
			assert_int_equal(tally_add(&part, &smtp), 0);
			assert_int_equal(tally_add(&part, &local), 0);
		}
		assert_int_equal(tally_merge(&all, &part), 0);
		assert_int_equal(part.read, 0);
		assert_int_equal(part.ngroups, 0);
		assert_true(part.smtp_only && part.detail_all);
	}
	tally_sort(&all);
	assert_key(&all, 0, "helo.example", 150);
	assert_int_equal(all.classes[RELAY_LOCAL].count, 150);
	n = tally_senders(&all.group[0], &exact);
	assert_int_equal(n, 50);
	assert_true(exact);
	tally_free(&part);
	tally_free(&all);
}

/* Messages of no age, as their time can't be true, are counted apart. */
static void
test_dates(void **state)
{
	static const enum dated dates[] = { DATED_FINE, DATED_FUTURE,
		DATED_FUTURE, DATED_NEVER };
	struct envelope e = message("192.0.2.66", 100);
	struct arrivals_flood flood;
	struct tally a, b;
	size_t i;

	(void)state;
	tally_init(&a, KEY_RELAY, NOW);
	tally_init(&b, KEY_RELAY, NOW);
	for (i = 0; i < ROWS(dates); i++) {
		e.dated = dates[i];
		e.arrival = e.dated == DATED_FINE ? NOW - 100 : -1;
		assert_int_equal(tally_add(&a, &e), 0);
		assert_int_equal(tally_add(&b, &e), 0);
	}
	assert_int_equal(tally_merge(&a, &b), 0);
	assert_int_equal(a.read, 8);
	assert_int_equal(a.future, 4);
	assert_int_equal(a.undated, 2);
	assert_int_equal(a.ngroups, 1);
	assert_int_equal(a.group[0].count, 8);
	assert_true(a.group[0].oldest == NOW - 100);
	assert_true(a.group[0].newest == NOW - 100);
	assert_int_equal(arrivals_between(&a.arrivals, 0, INT64_MAX), 2);
	assert_true(tally_flood(&a.group[0], &flood));
	assert_int_equal(flood.since, 100);
	tally_free(&a);
	tally_free(&b);
}

int
main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_recipient_domains),
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_selectors),
		cmocka_unit_test(test_smtp),
		cmocka_unit_test(test_merge),
		cmocka_unit_test(test_merge_again),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_detail),
		cmocka_unit_test(test_detail_late),
	};

	return UNIT_RUN(tests);
}
