/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_grid.c - cells to aligned columns */
#include <stdlib.h>

#include "unit.h"

#include "tools/common/grid.h"

static const struct grid_column columns[] = {
	{ "name", false, true, false },
	{ "n", true, false, false },
	{ "where", false, true, true },
};

/* Rows of three cells each, NULL ends them; a row of NULLs is empty. */
static char *
render(const char *const (*rows)[3], size_t n, size_t width, bool colour)
{
	struct buf out = BUF_INIT;
	struct grid g;
	size_t i, k;

	grid_init(&g, columns, ROWS(columns));
	for (i = 0; i < n; i++) {
		grid_row(&g, i == 1 ? PAINT_CRITICAL : PAINT_PLAIN);
		for (k = 0; k < 3 && rows[i][k] != NULL; k++)
			grid_text(&g, rows[i][k]);
	}
	grid_add(&out, &g, width, colour);
	grid_free(&g);
	return buf_take(&out);
}

static const char *const some[][3] = {
	{ "a", "1", "mail.example" },
	{ "bbbbbb", "1000", "x" },
	{ NULL },
	{ "c", "", NULL },
};

static void
test_aligned(void **state)
{
	char *got = render(some, ROWS(some), 80, false);

	(void)state;
	assert_string_equal(got,
	    "name      n  where\n"
	    "a         1  mail.example\n"
	    "bbbbbb 1000  x\n"
	    "\n"
	    "c\n");
	free(got);
}

/* What a column has, wide or narrow. */
static void
test_width(void **state)
{
	struct buf b = BUF_INIT;
	struct grid g;

	(void)state;
	grid_init(&g, columns, ROWS(columns));
	grid_row(&g, PAINT_PLAIN);
	grid_text(&g, "a name of 26 columns width");
	grid_text(&g, "1000");
	assert_int_equal(grid_width(&b, &g, 0, 80), 26);
	assert_int_equal(grid_width(&b, &g, 1, 80), 4);
	assert_int_equal(grid_width(&b, &g, 0, 24), 19);
	assert_int_equal(grid_width(&b, &g, 0, 1), GRID_NARROW);
	assert_false(b.oom);
	g.text.oom = true;
	assert_int_equal(grid_width(&b, &g, 0, 80), 0);
	assert_true(b.oom);
	grid_free(&g);
}

static void
test_colour(void **state)
{
	char *got = render(some, 2, 80, true);

	(void)state;
	assert_string_equal(got,
	    "\033[1mname      n  where\033[0m\n"
	    "a         1  mail.example\n"
	    "\033[1;31mbbbbbb 1000  x\033[0m\n");
	free(got);
}

/* The widest flexible column gives way, but none gets too narrow. */
static void
test_narrow(void **state)
{
	static const char *const rows[][3] = { { "abcdefghijklmnopqrstuvwxyz",
	    "1", "host.in.a.long.domain.example" } };
	static const struct {
		size_t width;
		const char *want;
	} widths[] = {
		{ 59,
		    "abcdefghijklmnopqrstuvwxyz 1"
		    "  host.in.a.long.domain.example" },
		{ 56,
		    "abcdefghijklmnopqrstuvwxyz 1"
		    "  ...n.a.long.domain.example" },
		{ 50, "abcdefghijklmnopqrst... 1  ....long.domain.example" },
		{ 28, "abcdefghi... 1  ...n.example" },
		{ 1, "abcdefghi... 1  ...n.example" },
	};
	char *got, *line;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(widths); i++) {
		got = render(rows, 1, widths[i].width, false);
		line = strchr(got, '\n');
		assert_non_null(line);
		line[strlen(line) - 1] = '\0';
		assert_string_equal(line + 1, widths[i].want);
		assert_true(strlen(line + 1) <= widths[i].width ||
		    widths[i].width < 28);
		free(got);
	}
}

/* A column without any text takes no room, whatever its title. */
static void
test_unused(void **state)
{
	static const char *const rows[][3] = { { "a", "", "w" } };
	char *got = render(rows, 1, 80, false);

	(void)state;
	assert_string_equal(got, "name where\na    w\n");
	free(got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_aligned),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_unused),
	};

	return UNIT_RUN(tests);
}
