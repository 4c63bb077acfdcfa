/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqc_layout.c - which hosts a line shows when it can't show all */
#include "fleets.h"

#include "tools/mqc/layout.h"

static const char *const names[] = { "a", "b", "c", "d", "e" };
static const size_t widths[] = { 10, 10, 10, 10, 10 };

static struct mqc_column_set columns;

static void
start(struct mqc_fleet *f)
{
	size_t i;

	fleets_make(f, &columns, names, ROWS(names));
	mqc_fleet_begin(f, FLEETS_AT(0));
	for (i = 0; i < ROWS(names); i++)
		fleets_take(f, i, 0, 10 * (unsigned int)i, FLEETS_AT(0));
	mqc_fleet_end(f, FLEETS_AT(0));
}

/* The shown hosts, as a word of their names. */
static const char *
choose(struct mqc_layout *l, const struct mqc_fleet *f, size_t room, bool anew,
    bool *changed)
{
	static char word[ROWS(names) + 1];
	size_t i;

	assert_int_equal(mqc_layout_choose(l, f, widths, room, anew, changed),
	    0);
	for (i = 0; i < l->shown; i++)
		word[i] = *f->hosts[l->order[i]].name;
	word[i] = '\0';
	return word;
}

static void
test_badness(void **state)
{
	struct mqc_fleet f;
	struct mqc_fleet_host *h;

	(void)state;
	start(&f);
	h = f.hosts;
	assert_int_equal(mqc_layout_badness(&f, h), 0);
	fleets_take(&f, 0, 1201, 0, FLEETS_AT(0));
	assert_int_equal(mqc_layout_badness(&f, h), 2);
	fleets_take(&f, 0, 0, 3001, FLEETS_AT(0));
	assert_int_equal(mqc_layout_badness(&f, h), 4);
	fleets_lines(&f, 0, "queue q role=in count=unreadable\n", FLEETS_AT(0));
	assert_int_equal(mqc_layout_badness(&f, h), 3);
	mqc_fleet_begin(&f, FLEETS_AT(30));
	mqc_fleet_end(&f, FLEETS_AT(30));
	assert_int_equal(mqc_layout_badness(&f, h + 1), 1);
	mqc_fleet_end(&f, FLEETS_AT(301));
	assert_int_equal(mqc_layout_badness(&f, h + 1), 3);
	mqc_fleet_free(&f);
}

/* 5 * 12 fit into 60; with "+5 more", 9 columns, 4 of them into 57. */
static void
test_room(void **state)
{
	static const struct {
		size_t room;
		const char *shown;
	} rows[] = {
		/* clang-format off */
		{ 60, "abcde" }, { 59, "edcb" }, { 57, "edcb" },
		{ 56, "edc" }, { 33, "ed" }, { 32, "e" }, { 0, "e" },
		/* clang-format on */
	};
	struct mqc_layout l = MQC_LAYOUT_INIT;
	struct mqc_fleet f;
	bool changed;
	size_t i;

	(void)state;
	start(&f);
	for (i = 0; i < ROWS(rows); i++)
		assert_string_equal(choose(&l, &f, rows[i].room, true,
					&changed),
		    rows[i].shown);
	mqc_layout_free(&l);
	mqc_fleet_free(&f);
}

/* Hosts do not change places while nothing is hidden that is worse. */
static void
test_calm(void **state)
{
	struct mqc_layout l = MQC_LAYOUT_INIT;
	struct mqc_fleet f;
	bool changed;

	(void)state;
	start(&f);
	assert_string_equal(choose(&l, &f, 33, false, &changed), "ed");
	assert_true(changed);
	fleets_take(&f, 0, 0, 1000, FLEETS_AT(0));
	assert_string_equal(choose(&l, &f, 33, false, &changed), "ed");
	assert_false(changed);
	assert_string_equal(choose(&l, &f, 33, true, &changed), "ae");
	assert_true(changed);
	fleets_take(&f, 1, 0, 1300, FLEETS_AT(0));
	assert_string_equal(choose(&l, &f, 33, false, &changed), "ba");
	assert_true(changed);
	/* As bad as the others is not worse. */
	fleets_take(&f, 0, 0, 1300, FLEETS_AT(0));
	fleets_take(&f, 2, 0, 1400, FLEETS_AT(0));
	assert_string_equal(choose(&l, &f, 33, false, &changed), "ba");
	assert_false(changed);
	assert_string_equal(choose(&l, &f, 60, false, &changed), "abcde");
	assert_true(changed);
	assert_string_equal(choose(&l, &f, 60, true, &changed), "abcde");
	assert_false(changed);
	mqc_layout_free(&l);
	mqc_fleet_free(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_badness),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_calm),
	};

	return UNIT_RUN(tests);
}
