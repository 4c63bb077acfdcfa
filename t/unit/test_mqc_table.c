/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqc_table.c - numbers in, the waterfall out */
#include <stdlib.h>
#include <time.h>

#include "fleets.h"

#include "tools/mqc/table.h"

static const char *const names[] = { "cats-mx1", "cats-mx2", "cats-mx3" };

static struct mqc_column_set columns;

static void
assert_round(struct mqc_table *t, const struct mqc_fleet *f,
    const struct mqc_table_look *look, const char *want)
{
	struct buf out = BUF_INIT;

	assert_int_equal(mqc_table_add(t, f, look, &out), 0);
	assert_string_equal(buf_str(&out), want);
	buf_free(&out);
}

static void
start(struct mqc_fleet *f, struct mqc_table *t)
{
	fleets_make(f, &columns, names, 3);
	mqc_table_init(t);
	mqc_fleet_begin(f, FLEETS_AT(0));
	fleets_take(f, 0, 39, 726, FLEETS_AT(0));
	fleets_take(f, 1, 53, 550, FLEETS_AT(0));
	fleets_take(f, 2, 37, 452, FLEETS_AT(0));
	mqc_fleet_end(f, FLEETS_AT(0));
}

static void
stop(struct mqc_fleet *f, struct mqc_table *t)
{
	mqc_table_free(t);
	mqc_fleet_free(f);
}

#define HEADER " cats-mx1(in:m)  cats-mx2(in:m)  cats-mx3(in:m)\n"
#define LINE   "         39:726          53:550          37:452\n"

/* As the original had it, and the header again after 20 lines. */
static void
test_original(void **state)
{
	const struct mqc_table_look look = { .columns = 80, .rows = 24 };
	struct mqc_table t;
	struct mqc_fleet f;
	int i;

	(void)state;
	start(&f, &t);
	assert_round(&t, &f, &look, HEADER LINE);
	for (i = 0; i < 19; i++)
		assert_round(&t, &f, &look, LINE);
	assert_round(&t, &f, &look, HEADER LINE);
	/* What is written under a line makes it scroll as well. */
	mqc_table_count(&t, "a\nb\n", 4);
	for (i = 0; i < 17; i++)
		assert_round(&t, &f, &look, LINE);
	assert_round(&t, &f, &look, HEADER LINE);
	mqc_table_disturb(&t);
	assert_round(&t, &f, &look, HEADER LINE);
	stop(&f, &t);
}

/* In a small window it would scroll off before. */
static void
test_small(void **state)
{
	const struct mqc_table_look look = { .columns = 80, .rows = 5 };
	struct mqc_table t;
	struct mqc_fleet f;

	(void)state;
	start(&f, &t);
	assert_round(&t, &f, &look, HEADER LINE);
	assert_round(&t, &f, &look, LINE);
	assert_round(&t, &f, &look, LINE);
	assert_round(&t, &f, &look, HEADER LINE);
	stop(&f, &t);
}

static void
test_marks(void **state)
{
	const struct mqc_table_look look = { .columns = 80,
		.cell.arrows = true };
	struct mqc_table t;
	struct mqc_fleet f;

	(void)state;
	start(&f, &t);
	mqc_fleet_begin(&f, FLEETS_AT(30));
	mqc_fleet_fail(&f, 0, MQC_FLEET_TIMEOUT, "", FLEETS_AT(30));
	fleets_lines(&f, 1,
	    "queue a role=in count=at-least messages=1300" FLEETS_REST
	    "queue b role=out count=unreadable\n",
	    FLEETS_AT(30));
	fleets_lines(&f, 2,
	    "queue b role=out count=exact messages=0" FLEETS_REST,
	    FLEETS_AT(30));
	mqc_fleet_end(&f, FLEETS_AT(30));
	assert_round(&t, &f, &look,
	    HEADER "       39?:726?         ~1300:!             -:0\n");
	mqc_fleet_begin(&f, FLEETS_AT(301));
	fleets_lines(&f, 2,
	    "queue b role=out count=exact messages=7" FLEETS_REST
	    "queue c role=out count=unreadable\n",
	    FLEETS_AT(301));
	f.hosts[2].cells[1].fast = true;
	mqc_fleet_end(&f, FLEETS_AT(301));
	assert_round(&t, &f, &look,
	    "             --       ~1300?:!?          -:^~7!\n");
	stop(&f, &t);
}

#define RED(s)    "\033[1;31m" s "\033[0m"
#define YELLOW(s) "\033[33m" s "\033[0m"
#define BOLD(s)   "\033[1m" s "\033[0m"
#define DIM(s)    "\033[2m" s "\033[0m"
#define PURPLE(s) "\033[35m" s "\033[0m"

static void
test_colours(void **state)
{
	const struct mqc_table_look look = { .cell = { true, false } };
	struct mqc_table t;
	struct mqc_fleet f;

	(void)state;
	start(&f, &t);
	mqc_fleet_begin(&f, FLEETS_AT(30));
	fleets_take(&f, 0, 1201, 3001, FLEETS_AT(30));
	fleets_lines(&f, 2, "queue b role=out count=unreadable\n",
	    FLEETS_AT(30));
	mqc_fleet_end(&f, FLEETS_AT(30));
	/* clang-format off */
	assert_round(&t, &f, &look, " " BOLD("cats-mx1(in:m)") "  "
	    BOLD("cats-mx2(in:m)") "  " BOLD("cats-mx3(in:m)") "\n"
	    "      " YELLOW("1201") ":" RED("3001") "        " DIM("53?") ":"
	    DIM("550?") "             -:" PURPLE("!") "\n");
	mqc_fleet_end(&f, FLEETS_AT(331));
	assert_round(&t, &f, &look, "             " PURPLE("--")
	    "              " PURPLE("--") "              " PURPLE("--") "\n");
	/* clang-format on */
	stop(&f, &t);
}

static void
test_time_and_total(void **state)
{
	const struct mqc_table_look look = { .time = true, .total = true };
	struct mqc_table t;
	struct mqc_fleet f;

	(void)state;
	start(&f, &t);
	assert_round(&t, &f, &look,
	    " 2026-11-24  total(in:m)  cats-mx1(in:m)"
	    "  cats-mx2(in:m)  cats-mx3(in:m)\n"
	    "   15:00:00     129:1728          39:726          53:550"
	    "          37:452\n");
	mqc_fleet_begin(&f, FLEETS_AT(301));
	fleets_take(&f, 0, 1, 2, FLEETS_AT(301));
	mqc_fleet_end(&f, FLEETS_AT(301));
	/* Of two hosts nothing is known any more. */
	assert_round(&t, &f, &look,
	    "   15:05:01        ~1:~2             1:2              --"
	    "              --\n");
	stop(&f, &t);
}

/* The total counts a server once, though it is shown by each of its names. */
static void
test_total_once(void **state)
{
#define IN_QUEUE(n) "queue in role=in count=exact messages=" n FLEETS_REST
#define LINES(n)    "host a\nmachine 0123456789abcdef\n" IN_QUEUE(n)
	const struct mqc_table_look look = { .total = true };
	struct mqc_table t;
	struct mqc_fleet f;

	(void)state;
	start(&f, &t);
	fleets_lines(&f, 0, LINES("7"), FLEETS_AT(30));
	fleets_lines(&f, 1, LINES("8"), FLEETS_AT(30));
	fleets_lines(&f, 2, "host b\n" IN_QUEUE("1"), FLEETS_AT(30));
	mqc_fleet_end(&f, FLEETS_AT(30));
	assert_round(&t, &f, &look,
	    " total(in:m)  cats-mx1(in:m)  cats-mx2(in:m)  cats-mx3(in:m)\n"
	    "         8:-             7:-             8:-             1:-\n");
	/* What the other name has besides is missing in it. */
	fleets_lines(&f, 1,
	    LINES("8") "queue m role=out count=exact messages=2" FLEETS_REST,
	    FLEETS_AT(60));
	mqc_fleet_end(&f, FLEETS_AT(60));
	assert_round(&t, &f, &look,
	    "       ~8:~0             7:-             8:2             1:-\n");
	/* Without a machine it may be another server: the sum may be low. */
	fleets_lines(&f, 1, "host a\n" IN_QUEUE("8"), FLEETS_AT(90));
	mqc_fleet_end(&f, FLEETS_AT(90));
	assert_round(&t, &f, &look,
	    "       ~8:~0             7:-             8:-             1:-\n");
	stop(&f, &t);
}

/* A column grows with its number, and then gets its title anew. */
static void
test_wider(void **state)
{
	static const char *const brief[] = { "a" };
	const struct mqc_table_look look = { .columns = 80 };
	struct mqc_table t;
	struct mqc_fleet f;

	(void)state;
	fleets_make(&f, &columns, brief, 1);
	mqc_table_init(&t);
	fleets_take(&f, 0, 1, 2, FLEETS_AT(0));
	mqc_fleet_end(&f, FLEETS_AT(0));
	assert_round(&t, &f, &look, " a(in:m)\n     1:2\n");
	fleets_take(&f, 0, 12345, 6789, FLEETS_AT(30));
	mqc_fleet_end(&f, FLEETS_AT(30));
	assert_round(&t, &f, &look, "    a(in:m)\n 12345:6789\n");
	fleets_take(&f, 0, 1, 2, FLEETS_AT(60));
	mqc_fleet_end(&f, FLEETS_AT(60));
	assert_round(&t, &f, &look, "        1:2\n");
	stop(&f, &t);
}

/* What fits is the worst; a window that is wider later shows more. */
static void
test_narrow(void **state)
{
	struct mqc_table_look look = { .columns = 39 };
	struct mqc_table t;
	struct mqc_fleet f;

	(void)state;
	start(&f, &t);
	assert_round(&t, &f, &look,
	    " cats-mx1(in:m)\n         39:726  +2 more\n");
	fleets_take(&f, 2, 1, 1300, FLEETS_AT(30));
	mqc_fleet_end(&f, FLEETS_AT(30));
	assert_round(&t, &f, &look,
	    " cats-mx3(in:m)\n         1:1300  +2 more\n");
	look.columns = 40;
	assert_round(&t, &f, &look,
	    " cats-mx3(in:m)  cats-mx1(in:m)\n"
	    "         1:1300          39:726  +1 more\n");
	look.columns = 47;
	assert_round(&t, &f, &look,
	    HEADER "         39:726          53:550          1:1300\n");
	stop(&f, &t);
}

static void
test_wrap(void **state)
{
	struct mqc_table_look look = { .columns = 40, .wrap = true };
	struct mqc_table t;
	struct mqc_fleet f;

	(void)state;
	start(&f, &t);
	assert_round(&t, &f, &look,
	    " cats-mx1(in:m)  cats-mx2(in:m)\n"
	    " cats-mx3(in:m)\n"
	    "         39:726          53:550\n         37:452\n");
	look.time = true;
	mqc_table_disturb(&t);
	assert_round(&t, &f, &look,
	    " 2026-11-24  cats-mx1(in:m)\n"
	    "             cats-mx2(in:m)\n             cats-mx3(in:m)\n"
	    "   15:00:00          39:726\n                     53:550\n"
	    "                     37:452\n");
	look = (struct mqc_table_look){ .columns = 80, .wrap = true };
	assert_round(&t, &f, &look, HEADER LINE);
	stop(&f, &t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_original),
		cmocka_unit_test(test_small),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_colours),
		cmocka_unit_test(test_time_and_total),
		cmocka_unit_test(test_total_once),
		cmocka_unit_test(test_wider),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_wrap),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	return UNIT_RUN(tests);
}
