/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_plan.c - what has to change in a file of blocks for what is wanted */
#include <stdio.h>

#include "unit.h"

#include "block/plan.h"
#include "mta/sendmail/access/block.h"
#include "mta/sendmail/access/place.h"
#include "tools/qblock/config.h"

#define NOW 1795513260 /* 2026-11-24T09:41:00Z */
#define TAG(client, until)                                            \
	"# qblock " client " added 2026-11-24T08:00:00Z until " until \
	" by amy: old\n"
#define NEW(client, until) \
	"# qblock " client " added 2026-11-24T09:41:00Z until " until " by bob"

static const struct guard guard = { NULL, 0, "" };
static const struct sendmail_access_place place =
    SENDMAIL_ACCESS_PLACE_INIT(&sendmail_block, "access");
static struct names names;

/*
 * Runs a command, in words parted by '|', on a text: what it became, and what
 * is said of each client; or why it was refused.
 */
static void
run(const char *words, const char *text, const char *want, const char *said)
{
	static char copy[400];
	char *argv[12] = { copy }, *p;
	struct buf bytes = BUF_INIT, why = BUF_INIT, got = BUF_INIT;
	struct plan plan = PLAN_INIT;
	const struct plan_env env = { &guard, &names, &place.place, "bob",
		NOW };
	struct qblock_config c;
	struct plan_wish wish;
	int argc = 1, rc;
	size_t i;

	snprintf(copy, sizeof(copy), "qblock|%s", words);
	for (p = copy; (p = strchr(p, '|')) != NULL;) {
		*p++ = '\0';
		argv[argc++] = p;
	}
	if (qblock_config_parse(&c, &sendmail_block, argc, argv, &why) != 0)
		fail_msg("%s: %s", words, buf_str(&why));
	buf_adds(&bytes, text);
	wish = qblock_config_wish(&c);
	rc = plan_make(&plan, &wish, &env, &bytes, &why);
	for (i = 0; rc == 0 && i < plan.nsteps; i++)
		plan_add_step(&got, plan.step + i, false);
	unit_assert_text(buf_str(rc == 0 ? &got : &why), said, words);
	if (rc == 0) {
		unit_assert_text(buf_str(&plan.edit.bytes), want, words);
		assert_int_equal(plan.nchanges != 0, strcmp(want, text) != 0);
	}
	plan_free(&plan);
	qblock_config_free(&c);
	buf_free(&bytes);
	buf_free(&why);
	buf_free(&got);
}

static void
test_add(void **state)
{
	(void)state;
	run("add|192.0.2.66", "a b\n",
	    "a b\n" NEW("192.0.2.66", "never") "\n"
					       "Connect:192.0.2.66\tREJECT\n",
	    "would block 192.0.2.66 for ever: REJECT\n");
	run("add|192.0.2.66|--expire=24h|--reason=why|--reply=ERROR:\"450 x\"",
	    "",
	    NEW("192.0.2.66",
		"2026-11-25T09:41:00Z") ": why\n"
					"Connect:192.0.2.66\tERROR:\"450 x\"\n",
	    "would block 192.0.2.66"
	    " until 2026-11-25T09:41:00Z: ERROR:\"450 x\"\n");
	/* A key in brackets is only for hosts without a name. */
	run("add|192.0.2.66", "Connect:[192.0.2.66] REJECT\n",
	    "Connect:[192.0.2.66] REJECT\n" NEW("192.0.2.66",
		"never") "\nConnect:192.0.2.66\tREJECT\n",
	    "would block 192.0.2.66 for ever: REJECT\n");
	run("add|192.0.2.2/31|bad.example.org", "",
	    NEW("192.0.2.2/31",
		"never") "\nConnect:192.0.2.2\tREJECT\n"
			 "Connect:192.0.2.3\tREJECT\n" NEW("bad.example.org",
			     "never") "\n"
				      "Connect:bad.example.org\tREJECT\n",
	    "would block 192.0.2.2/31 for ever: REJECT\n"
	    "would block bad.example.org for ever: REJECT\n");
}

static const char blocked[] = "a b\n" TAG("192.0.2.66",
    "2026-11-25T09:41:00Z") "Connect:192.0.2.66\tREJECT\nz z\n";

/* What is so already is left as it is. */
/* clang-format off */
static void
test_same(void **state)
{
	(void)state;
	run("add|192.0.2.66|--expire=24h", blocked, blocked,
	    "192.0.2.66 is blocked already until 2026-11-25T09:41:00Z\n");
	run("add|192.0.2.66|--expire=1h|--reason=other", blocked, blocked,
	    "192.0.2.66 is blocked already until 2026-11-25T09:41:00Z\n");
	/* Less than a tenth more is not worth it. */
	run("add|192.0.2.66|--expire=26h", blocked, blocked,
	    "192.0.2.66 is blocked already until 2026-11-25T09:41:00Z\n");
	run("add|192.0.2.66|--expire=24h|--reply=REJECT", blocked, blocked,
	    "192.0.2.66 is blocked already until 2026-11-25T09:41:00Z\n");
	run("add|192.0.2.66", "192.0.2.66 REJECT\n", "192.0.2.66 REJECT\n",
	    "192.0.2.66 is blocked already, by line 1, which is not"
	    " qblock's\n");
	run("add|192.0.2.66", "Connect:192.0.2\t550 x\n",
	    "Connect:192.0.2\t550 x\n", "192.0.2.66 is blocked already, by"
	    " line 1, which is not qblock's\n");
	run("add|192.0.2.66", TAG("192.0.2.0/24", "never")
	    "Connect:192.0.2\tREJECT\n", TAG("192.0.2.0/24", "never")
	    "Connect:192.0.2\tREJECT\n", "192.0.2.66 is blocked already, with"
	    " 192.0.2.0/24 for ever\n");
	run("add|a.bad.example.org", "bad.example.org REJECT\n",
	    "bad.example.org REJECT\n", "a.bad.example.org is blocked already,"
	    " by line 1, which is not qblock's\n");
}

static void
test_renew(void **state)
{
	(void)state;
	run("add|192.0.2.66|--expire=48h", blocked, "a b\n" NEW("192.0.2.66",
	    "2026-11-26T09:41:00Z") ": old\nConnect:192.0.2.66\tREJECT\nz z\n",
	    "would change the block of 192.0.2.66 until 2026-11-26T09:41:00Z:"
	    " REJECT\n");
	run("add|192.0.2.66|--reason=new", blocked, "a b\n" NEW("192.0.2.66",
	    "never") ": new\nConnect:192.0.2.66\tREJECT\nz z\n",
	    "would change the block of 192.0.2.66 for ever:"
	    " REJECT\n");
	/* Another reply; the time stays, as it is the later one. */
	run("add|192.0.2.66|--expire=1h|--reply=ERROR:\"450 x\"", blocked,
	    "a b\n" NEW("192.0.2.66", "2026-11-25T09:41:00Z") ": old\n"
	    "Connect:192.0.2.66\tERROR:\"450 x\"\nz z\n", "would change the"
	    " block of 192.0.2.66 until 2026-11-25T09:41:00Z:"
	    " ERROR:\"450 x\"\n");
	/* Somebody took the entry away, and left the tag. */
	run("add|192.0.2.66", TAG("192.0.2.66", "never") "a b\n",
	    NEW("192.0.2.66", "never") ": old\nConnect:192.0.2.66\tREJECT\n"
	    "a b\n", "would change the block of 192.0.2.66 for ever:"
	    " REJECT\n");
	/* A wider block that ends sooner is not enough. */
	run("add|192.0.2.66", TAG("192.0.2.0/24", "2026-11-25T09:41:00Z")
	    "Connect:192.0.2\tREJECT\n", TAG("192.0.2.0/24",
	    "2026-11-25T09:41:00Z") "Connect:192.0.2\tREJECT\n"
	    NEW("192.0.2.66", "never") "\nConnect:192.0.2.66\tREJECT\n",
	    "would block 192.0.2.66 for ever: REJECT\n");
}

static void
test_refused(void **state)
{
	(void)state;
	run("add|192.0.2.66", "Connect:192.0.2 RELAY\n", NULL, "refused:"
	    " 192.0.2.66 is let in by line 1 (Connect:192.0.2 RELAY) of the"
	    " access file; if it shall not be, take that line out first");
	run("add|192.0.2.66", "Connect:192.0.2.66 DISCARD\n", NULL,
	    "refused: 192.0.2.66 needs the key Connect:192.0.2.66, which line"
	    " 1 of the access file has; remove that first");
	run("add|192.0.2.2/31", "connect:192.0.2.3 REJECT\n", NULL,
	    "refused: 192.0.2.2/31 needs the key Connect:192.0.2.3, which line"
	    " 1 of the access file has; remove that first");
	run("add|192.0.2.0/25", "", NULL, "refused: 192.0.2.0/25 would take"
	    " more than 32 entries: sendmail's networks are /8, /16 and /24");
	run("add|192.0.2.1|127.0.0.1", "", NULL, "refused: 127.0.0.1 has"
	    " loopback, multicast or reserved addresses, from which no other"
	    " host sends");
	/* An own tag does not make another's line ours. */
	run("add|192.0.2.66", TAG("192.0.2.66", "never")
	    "Connect:192.0.2.67 REJECT\nConnect:192.0.2.66 DISCARD\n", NULL,
	    "refused: 192.0.2.66 needs the key Connect:192.0.2.66, which line"
	    " 3 of the access file has; remove that first");
}

static void
test_remove(void **state)
{
	(void)state;
	run("remove|192.0.2.66", blocked, "a b\nz z\n", "would end the block"
	    " of 192.0.2.66 (1 entry, added 2026-11-24T08:00:00Z)\n");
	run("remove|192.0.2.67", blocked, blocked,
	    "192.0.2.67 is not blocked by qblock\n");
	run("remove|192.0.2.66", "Connect:192.0.2.66 REJECT\n", NULL,
	    "192.0.2.66 is in line 1 of the access file, which qblock did not"
	    " write: edit the file");
	run("remove|192.0.2.2", TAG("192.0.2.2/31", "never")
	    "Connect:192.0.2.2\tREJECT\nConnect:192.0.2.3\tREJECT\n", NULL,
	    "192.0.2.2 is in line 2 of the access file, which is of the block"
	    " of 192.0.2.2/31: remove that");
	run("remove|192.0.2.66", TAG("192.0.2.66", "never") "Connect:192.0.2.66"
	    "\tRELAY\n", "Connect:192.0.2.66\tRELAY\n", "would end the block of"
	    " 192.0.2.66 (0 entries, added 2026-11-24T08:00:00Z)\n");
}

static void
test_expire(void **state)
{
	static const char text[] =
	    TAG("192.0.2.1", "2026-11-24T09:41:00Z")
	    "Connect:192.0.2.1\tREJECT\n"
	    TAG("192.0.2.2", "2026-11-24T09:41:01Z")
	    "Connect:192.0.2.2\tREJECT\n" "x y\n"
	    TAG("192.0.2.3", "2026-11-24T09:00:00Z")
	    "Connect:192.0.2.3\tREJECT\n"
	    TAG("192.0.2.4", "never") "Connect:192.0.2.4\tREJECT\n";

	(void)state;
	run("expire", text, TAG("192.0.2.2", "2026-11-24T09:41:01Z")
	    "Connect:192.0.2.2\tREJECT\n" "x y\n"
	    TAG("192.0.2.4", "never") "Connect:192.0.2.4\tREJECT\n",
	    "would end the expired block of 192.0.2.1 (1 entry, added"
	    " 2026-11-24T08:00:00Z)\n"
	    "would end the expired block of 192.0.2.3 (1 entry, added"
	    " 2026-11-24T08:00:00Z)\n");
	run("expire", blocked, blocked, "");
}
/* clang-format on */

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_renew),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_remove),
		cmocka_unit_test(test_expire),
	};

	return UNIT_RUN(tests);
}
