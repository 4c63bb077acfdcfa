/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_mqc_config.c - mqc's options */
#include "tree.h"
#include "unit.h"

#include "tools/mqc/config.h"

#define ARGS 20

/* Parses words that blanks part. */
static int
parse(struct mqc_config *c, const char *line, struct buf *why)
{
	static const struct mqc_config_env env = { "home", NULL };
	static char program[] = "mqc", copy[200];
	char *argv[ARGS + 1], *word, *rest = copy;
	int argc = 0;

	assert_true(strlen(line) < sizeof(copy));
	memcpy(copy, line, strlen(line) + 1);
	argv[argc++] = program;
	while ((word = strtok_r(rest, " ", &rest)) != NULL && argc < ARGS)
		argv[argc++] = word;
	argv[argc] = NULL;
	buf_truncate(why, 0);
	return mqc_config_parse(c, argc, argv, &env, why);
}

static void
test_defaults(void **state)
{
	struct buf why = BUF_INIT;
	struct mqc_config c;

	(void)state;
	assert_int_equal(parse(&c, "mx1 mx2", &why), 0);
	assert_int_equal(c.hosts.n, 2);
	assert_int_equal(c.interval, 30);
	assert_int_equal(c.timeout, 10000);
	assert_int_equal(c.rounds, 0);
	assert_int_equal(c.columns.n, 2);
	assert_int_equal(c.columns.v[1].warning, 1200);
	assert_int_equal(c.columns.v[1].critical, 3000);
	assert_int_equal(c.format, MQC_CONFIG_TEXT);
	assert_true(c.speed > 0.99 && c.speed < 1.01);
	mqc_config_free(&c);
	buf_free(&why);
}

static void
test_options(void **state)
{
	struct buf why = BUF_INIT;
	struct mqc_config c;

	(void)state;
	/* A limit may come before the column that it names. */
	assert_int_equal(parse(&c,
			     "-w q=5 -i 3 mx1 -n 7 --columns q,in"
			     " -c 9 --time --bell",
			     &why),
	    0);
	assert_int_equal(c.columns.v[0].warning, 5);
	assert_int_equal(c.columns.v[1].warning, 1200);
	assert_int_equal(c.columns.v[1].critical, 9);
	assert_int_equal(c.timeout, 2000);
	assert_int_equal(c.rounds, 7);
	assert_true(c.time && c.bell && !c.total && !c.wrap && !c.relays);
	mqc_config_free(&c);
	assert_int_equal(parse(&c,
			     "--once --tsv --replay - --speed 0.5"
			     " --stale 2m",
			     &why),
	    0);
	assert_int_equal(c.rounds, 1);
	assert_int_equal(c.format, MQC_CONFIG_TSV);
	assert_int_equal(c.stale_after, 120);
	assert_int_equal(c.hosts.n, 0);
	mqc_config_free(&c);
	assert_int_equal(parse(&c, "-t 5 --width 99 mx1", &why), 0);
	assert_int_equal(c.timeout, 5000);
	assert_int_equal(c.width, 99);
	mqc_config_free(&c);
	assert_int_equal(parse(&c, "-h --nonsense", &why), 0);
	assert_int_equal(c.action, MQC_CONFIG_HELP);
	mqc_config_free(&c);
	buf_free(&why);
}

static void
test_refused(void **state)
{
	static const struct {
		const char *line, *why;
	} rows[] = {
		{ "-i 0 a", "--interval '0': expected a second to a day" },
		{ "-i x a",
		    "--interval 'x': expected a duration like 90s,"
		    " 15m, 2h or 1d" },
		{ "-n 0 a", "--rounds '0': the number is too small" },
		{ "-t 30 a", "--timeout must be below the --interval" },
		{ "-w x a", "a limit is a number of messages: 'x'" },
		{ "-w 3000 -c 1200 a",
		    "--warning 3000 and --critical 1200: column 'in' would be"
		    " red before it is yellow; perhaps they are exchanged" },
		{ "-w m=9 -c 8 -c in=7 a",
		    "--warning 9 and --critical 8: column 'm' would be red"
		    " before it is yellow; perhaps they are exchanged" },
		{ "-w x=1 a",
		    "a limit names a column that is not shown, see"
		    " --columns: 'x'" },
		{ "--speed 2 a", "--speed needs --replay" },
		{ "--speed -2 --replay x",
		    "--speed '-2': expected a number like 10 or 0.5" },
		{ "--replay x a",
		    "--replay shows the hosts of the recording; name none" },
		{ "--replay x --record y",
		    "--replay and --record exclude each other" },
		{ "a a", "a: this name comes twice" },
		{ "-f none", "file 'none': No such file or directory" },
		{ "",
		    "file 'home/.config/mqc.conf': No such file or"
		    " directory; no host was named: mqc HOST..., or write them"
		    " there, one a line" },
		{ "--wide a", "unknown option '--wide'" },
	};
	struct buf why = BUF_INIT;
	struct mqc_config c;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++) {
		assert_int_equal(parse(&c, rows[i].line, &why), -1);
		unit_assert_text(buf_str(&why), rows[i].why, rows[i].line);
		mqc_config_free(&c);
	}
	buf_free(&why);
}

static void
test_files(void **state)
{
	struct buf why = BUF_INIT;
	struct mqc_config c;

	(void)state;
	tree_write("home/.config/mqc.conf", "mx1\nmx2 = mx2:99\n");
	tree_write("more", "mx3\n");
	tree_write("empty", "# none\n");
	tree_write("bad", "mx1\na b\n");
	assert_int_equal(parse(&c, "-i 3", &why), 0);
	assert_int_equal(c.hosts.n, 2);
	mqc_config_free(&c);
	/* The user's own file is for those who name no host. */
	assert_int_equal(parse(&c, "mx4 -f more", &why), 0);
	assert_int_equal(c.hosts.n, 2);
	assert_string_equal(c.hosts.v[0].name, "mx3");
	mqc_config_free(&c);
	assert_int_equal(parse(&c, "-f empty", &why), -1);
	assert_string_equal(buf_str(&why), "file 'empty': it names no host");
	mqc_config_free(&c);
	assert_int_equal(parse(&c, "-f bad", &why), -1);
	assert_string_equal(buf_str(&why),
	    "file 'bad': line 2: a b: a name is"
	    " one word of at most 63 ASCII characters");
	mqc_config_free(&c);
	buf_free(&why);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_options),
		TREE_TEST(test_refused),
		TREE_TEST(test_files),
	};

	return UNIT_RUN(tests);
}
