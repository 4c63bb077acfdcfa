/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_oom_base.c - lib/base and lib/plug without memory */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "oom.h"
#include "tree.h"
#include "words.h"

#include "base/addr.h"
#include "base/clean.h"
#include "base/cli.h"
#include "base/fsx.h"
#include "base/num.h"
#include "base/utc.h"
#include "base/words.h"
#include "plug/extraopts.h"
#include "plug/output.h"
#include "plug/render.h"
#include "plug/render_bb.h"
#include "plug/state.h"
#include "plug/trend.h"
#include "plug/trends.h"

static int
run_buf(struct buf *result)
{
	struct addr_prefix p;
	struct buf b = BUF_INIT;
	const char *why;
	int i;

	assert_int_equal(addr_parse_prefix(&p, "2001:db8::/32", &why), 0);
	for (i = 0; i < 300; i++) {
		buf_addf(&b, "%d ", i);
		buf_addc(&b, ';');
		clean_adds(&b, "a|<b>", 100);
		words_add(&b, "a b");
		num_add_decimal(&b, 1.5);
		num_add_duration(&b, 3700);
		addr_add_prefix(&b, &p);
		utc_add(&b, 1795342500);
	}
	return oom_end(0, &b, result);
}

static int
run_take(struct buf *result)
{
	struct buf b = BUF_INIT;
	char *text;

	buf_adds(&b, "x");
	text = buf_take(&b);
	oom_pause();
	assert_int_equal(b.len, 0);
	if (text != NULL)
		buf_adds(result, text);
	free(text);
	buf_free(&b);
	return text != NULL ? 0 : -1;
}

static int
run_cli(struct buf *result)
{
	static const struct cli_option options[] = {
		{ 'q', "queue", CLI_ARG, "DIR", "a queue\nor two" },
		{ CLI_LONG, "long", CLI_NO_ARG, NULL, "it" },
		{ 0, NULL, CLI_NO_ARG, NULL, NULL },
	};
	static const struct cli cli = { "prog", "1", "to test", "[-q DIR]",
		options, "notes", CLI_NO_WORDS, NULL, NULL, NULL };
	struct buf b = BUF_INIT, why = BUF_INIT;
	struct words w;
	const char *arg;

	words_split(&w, "prog", "-q x --nonsense");
	cli_add_help(&cli, &b);
	cli_add_version(&cli, &b);
	cli_start();
	/* -1 is the end, so a failure must not look like it. */
	assert_int_equal(cli_next(&cli, w.argc, w.argv, &arg, &why), 'q');
	assert_int_equal(cli_next(&cli, w.argc, w.argv, &arg, &why), '?');
	assert_true(why.oom || why.len != 0);
	buf_add(&b, why.data, why.len);
	b.oom |= why.oom;
	buf_free(&why);
	return oom_end(0, &b, result);
}

static int
run_read(struct buf *result)
{
	struct buf b = BUF_INIT;
	int rc = fsx_read(AT_FDCWD, "file", 0, 1 << 20, &b);

	if (rc != 0)
		assert_int_equal(errno, ENOMEM);
	assert_true((rc != 0) == b.oom);
	return oom_end(0, &b, result);
}

static int
run_trends(struct buf *result)
{
	static const char text[] = "thing a\n1 2 3\nthing b\n4 5 6\n"
				   "thing c\n7 8 9\n";
	struct buf again = BUF_INIT;
	struct trend trend;
	struct trends t;
	int rc = trends_parse(&t, text, sizeof(text) - 1);

	if (rc == 0) {
		trends_get(&t, "b", &trend);
		trends_add(&again, "b", &trend, 1000);
	}
	trends_free(&t);
	return oom_end(rc, &again, result);
}

static int
run_state(struct buf *result)
{
	struct trend_sample s = { 1795342500, 60000, 7 };
	struct buf why = BUF_INIT, key = BUF_INIT, text = BUF_INIT;
	struct trend t = { .n = 0 };
	int dir = state_open("state", geteuid(), "check_x", &why), rc = -1;

	assert_int_not_equal(dir, -1);
	state_key(&key, "queue", "/var/spool/mqueue");
	trend_add(&t, &s);
	trend_format(&t, &text);
	if (!key.oom && !text.oom && state_save(dir, key.data, &text) == 0) {
		buf_free(&text);
		rc = state_load(dir, key.data, &text);
	}
	close(dir);
	buf_free(&key);
	/* Some of it is not all of it. */
	assert_true(rc != 0 || text.oom || text.len != 0);
	text.oom |= rc != 0;
	return oom_end(0, &text, result);
}

static int
run_extraopts(struct buf *result)
{
	const struct extraopts_env env = { NULL, NULL };
	struct buf why = BUF_INIT;
	struct extraopts x;
	struct words w;
	int rc, i;

	words_split(&w, "prog", "--extra-opts=check_x@opts.ini -v word");
	rc = extraopts_expand(&x, "prog", w.argc, w.argv, &env, &why);
	oom_pause();
	if (rc != 0)
		assert_true(why.oom || why.len != 0);
	for (i = 0; rc == 0 && i < x.n; i++)
		buf_addf(result, "%s ", x.v[i]);
	extraopts_free(&x);
	buf_free(&why);
	return rc;
}

/* --- a result ------------------------------------------------------------ */

static void
set(struct result *r, enum result_text which, const char *text)
{
	struct buf b = BUF_INIT;

	buf_adds(&b, text);
	result_set(r, which, &b);
}

static struct result *
make_tree(void)
{
	const struct perf perf = { .label = "in",
		.value = 25,
		.has_warn = true,
		.warn = { 0, 10, false } };
	struct result *root = result_new("MQUEUE"), *child, *finding;

	if (root == NULL)
		return NULL;
	child = result_add(root, "in", RESULT_OK);
	set(child, RESULT_SUMMARY, "in 25 messages");
	set(child, RESULT_DETAIL, "25 messages, oldest 1d");
	finding = result_add(child, "messages", RESULT_WARNING);
	set(finding, RESULT_DETAIL, "25, which is over 10");
	set(finding, RESULT_ADVICE, "look at it");
	child = result_add(root, "out", RESULT_CRITICAL);
	set(child, RESULT_SUMMARY, "out 7");
	result_add_perf(root, &perf);
	result_add_perf(root, &perf);
	result_settle(root);
	return root;
}

/* A tree that lost a part says so; what is not marked is complete. */
static int
run_render(render_fn *render, struct buf *result)
{
	const struct render_options opt = { "MQUEUE", 1 };
	struct result *root = make_tree();
	struct buf b = BUF_INIT;
	int rc = -1;

	if (root != NULL && !result_is_broken(root) &&
	    (rc = render(root, &opt, &b)) != 0)
		b.oom = true;
	result_free(root);
	if (rc == 0)
		return oom_end(0, &b, result);
	oom_pause();
	buf_free(&b);
	return -1;
}

static int
run_nagios(struct buf *result)
{
	return run_render(render_nagios, result);
}

#ifdef HAVE_JANSSON
static int
run_json(struct buf *result)
{
	return run_render(render_json, result);
}
#endif

static int
run_bb(struct buf *result)
{
	static const char text[] = "MQUEUE OK - a | in=25;10 out=7\n"
				   "in WARNING: 25\n  x\n";
	const struct render_bb how = { .host = "mx1,example",
		.column = "mq",
		.date = "now",
		.unknown = "yellow" };
	static struct output o;
	struct buf b = BUF_INIT;

	output_parse(&o, text, sizeof(text) - 1);
	render_bb(&o, &how, &b);
	return oom_end(0, &b, result);
}

static void
test_all(void **state)
{
	static const struct oom_row rows[] = {
		{ "buf", run_buf },
		{ "buf_take", run_take },
		{ "cli", run_cli },
		{ "fsx_read", run_read },
		{ "state and trend", run_state },
		{ "trends", run_trends },
		{ "extraopts", run_extraopts },
		{ "result, render_nagios", run_nagios },
#ifdef HAVE_JANSSON
		{ "result, render_json", run_json },
#endif
		{ "render_bb", run_bb },
	};
	char bytes[40000];

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	tree_write_bytes("file", bytes, sizeof(bytes));
	tree_write("opts.ini", "[check_x]\nqueue=/a\nw=10\nverbose\n");
	oom_try(rows, ROWS(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TREE_TEST(test_all),
	};

	return UNIT_RUN(tests);
}
