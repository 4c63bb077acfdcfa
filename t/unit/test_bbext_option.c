/* SPDX-License-Identifier: GPL-3.0-or-later */
/* test_bbext_option.c - bb-ext's options and environment */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words.h"

#include "plugins/bb-ext/option.h"

static const struct bbext_env plain = { .hostname = "mx1.example.net" };

/* The configuration as one text; the reason if it was refused. */
static char *
parsed(const char *words, const struct bbext_env *env)
{
	struct buf b = BUF_INIT, why = BUF_INIT;
	struct bbext_config c;
	struct words w;
	size_t i;

	words_split(&w, "bb-ext", words);
	if (bbext_option_parse(&c, w.argc, w.argv, env, &why) != 0)
		return buf_take(&why);
	assert_int_equal(why.len, 0);
	if (c.action == BBEXT_HELP || c.action == BBEXT_VERSION) {
		buf_adds(&b, c.action == BBEXT_HELP ? "help" : "version");
		bbext_config_free(&c);
		return buf_take(&b);
	}
	buf_addf(&b, "%s.%s +%d %s %ds%s%s%s %s", c.host, c.column, c.lifetime,
	    c.unknown, c.timeout, c.print ? " print" : "",
	    c.big_sister ? " sister" : "",
	    c.action == BBEXT_INSTALL ? " install" : "",
	    c.xymon != NULL  ? c.xymon :
		c.bb != NULL ? c.bb :
			       "tcp");
	for (i = 0; i < c.displays.n; i++)
		buf_addf(&b, " %s/%s",
		    c.displays.v[i].is_url ? "url" : c.displays.v[i].peer.host,
		    c.displays.v[i].is_url ? "" : c.displays.v[i].peer.port);
	buf_addf(&b, " %s", c.plugin);
	for (i = 1; c.command[i] != NULL; i++)
		buf_addf(&b, ",%s", c.command[i]);
	bbext_config_free(&c);
	return buf_take(&b);
}

static void
expect(const char *words, const struct bbext_env *env, const char *want)
{
	char *got = parsed(words, env);

	if (strcmp(got, want) != 0)
		fail_msg("'%s' gives '%s', not '%s'", words, got, want);
	free(got);
}

#define DEFAULTS "mx1.example.net.x +15 yellow 30s tcp "

static void
test_options(void **state)
{
	static const struct {
		const char *words, *want;
	} rows[] = {
		{ "--display d /p/check_x", DEFAULTS "d/1984 /p/check_x" },
		{ "--display d -- /p/check_x -w 5 --display e",
		    DEFAULTS "d/1984 /p/check_x,-w,5,--display,e" },
		{ "--display d check_x",
		    DEFAULTS "d/1984 " MQ_PLUGINDIR "/check_x" },
		{ "--display d --host a,b_c-d.e /p/check_x",
		    "a,b_c-d.e.x +15 yellow 30s tcp d/1984 /p/check_x" },
		{ "--display d /p/x.pl", DEFAULTS "d/1984 /p/x.pl" },
		{ "--display d --test Col_1-a /p.d/check_x",
		    "mx1.example.net.Col_1-a +15 yellow 30s tcp d/1984"
		    " /p.d/check_x" },
		{ "--display d --interval 1h30m /x",
		    "mx1.example.net.x +270"
		    " yellow 30s tcp d/1984 /x" },
		{ "--display d --interval 21 /x",
		    "mx1.example.net.x +2"
		    " yellow 30s tcp d/1984 /x" },
		{ "--display d --interval 1s /x",
		    "mx1.example.net.x +1"
		    " yellow 30s tcp d/1984 /x" },
		{ "--display d --interval 1h --lifetime 7 /x",
		    "mx1.example.net.x +7 yellow 30s tcp d/1984 /x" },
		{ "--display d --unknown red -t 5 /x",
		    "mx1.example.net.x +15 red 5s tcp d/1984 /x" },
		{ "--display d --unknown clear --timeout=86400 /x",
		    "mx1.example.net.x +15 clear 86400s tcp d/1984 /x" },
		{ "--print /x",
		    "mx1.example.net.x +15 yellow 30s print tcp"
		    " /x" },
		{ "--big-sister --display d /x",
		    "mx1.example.net.x +0 yellow"
		    " 30s sister tcp d/1984 /x" },
		{ "--big-sister --lifetime 5 --display d /x",
		    "mx1.example.net.x +5 yellow 30s sister tcp d/1984 /x" },
		{ "--install-wrapper f /x",
		    "mx1.example.net.x +15 yellow 30s install tcp /x" },
		{ "--display d:1 --display [::1]:2 --display ::1 --display"
		  " [fe80::1%eth0] --display 192.0.2.1:65535 /x",
		    DEFAULTS "d/1 ::1/2 ::1/1984 fe80::1%eth0/1984"
			     " 192.0.2.1/65535 /x" },
		{ "-h --nosuch", "help" },
		{ "--print -V", "version" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		expect(rows[i].words, &plain, rows[i].want);
}

static void
test_environment(void **state)
{
	static const struct {
		struct bbext_env env;
		const char *words, *want;
	} rows[] = {
		/* clang-format off */
		/* A Xymon client has all of them. */
		{ { .machine = "mx2,example,net", .machinedots = "no",
		    .xymon = "/b/xymon", .xymsrv = "192.0.2.1",
		    .xymservers = "", .xymondport = "1985", .bb = "/b/bb",
		    .bbdisp = "no", .bbport = "7" }, "/x",
		  "mx2,example,net.x +15 yellow 30s /b/xymon 192.0.2.1/1985"
		  " /x" },
		{ { .machine = "m", .xymon = "/b/xymon", .xymsrv = "0.0.0.0",
		    .xymservers = " a  b:3 http://c/cgi\t", .bbdisp = "no" },
		  "/x", "m.x +15 yellow 30s /b/xymon a/1984 b/3 url/ /x" },
		/* Big Brother. */
		{ { .machinedots = "m.d", .machine = "", .bb = "/b/bb",
		    .bbdisp = "192.0.2.1", .bbdisplays = "a b",
		    .bbport = "99" }, "/x",
		  "m.d.x +15 yellow 30s /b/bb 192.0.2.1/99 /x" },
		{ { .machine = "m", .bb = "/b/bb", .bbdisp = "0.0.0.0",
		    .bbdisplays = "a b" }, "/x",
		  "m.x +15 yellow 30s /b/bb a/1984 b/1984 /x" },
		/* Empty is not set. */
		{ { .machine = "m", .xymon = "", .bb = "", .xymsrv = "",
		    .xymservers = "", .bbdisp = "", .bbdisplays = "d",
		    .xymondport = "", .bbport = "" }, "/x",
		  "m.x +15 yellow 30s tcp d/1984 /x" },
		/* Options win. */
		{ { .machine = "m", .xymon = "/b/xymon", .xymsrv = "a" },
		  "--display d:5 --host h /x",
		  "h.x +15 yellow 30s /b/xymon d/5 /x" },
		{ { .machine = "m", .bb = "/b/bb", .bbdisp = "d" },
		  "--big-sister /x", "m.x +0 yellow 30s sister tcp d/1984 /x" },
		/* clang-format on */
	};
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(rows); i++)
		expect(rows[i].words, &rows[i].env, rows[i].want);
}

#define COLUMN                                                    \
	": expected the name of a column, of letters, digits and" \
	" -_; give it with --test"
#define HOST    ": expected a host name, of letters, digits and .,-_"
#define DISPLAY ": expected HOST or HOST:PORT"
#define PORT    ": expected a port from 1 to 65535 after the ':'"
#define BRACKET ": expected [ADDRESS] or [ADDRESS]:PORT"

static const struct {
	const char *words, *want;
} refused[] = {
	{ "--display d",
	    "which plugin? bb-ext [options] PLUGIN"
	    " [ARGUMENT]..." },
	{ "/x",
	    "there is no display to send to: --display HOST, or"
	    " let Xymon's client or Big Brother run this (XYMSRV,"
	    " BBDISP)" },
	{ "--host a;b /x", "--host 'a_b'" HOST },
	{ "--host .a /x", "--host '.a'" HOST },
	{ "--host= /x", "--host ''" HOST },
	{ "--host a\n\nstatus /x", "--host 'a??status'" HOST },
	{ "--test a.b /x", "--test 'a.b'" COLUMN },
	{ "--test a,b /x", "--test 'a,b'" COLUMN },
	{ "--test= /x", "--test ''" COLUMN },
	{ "--test -x /x", "--test '-x'" COLUMN },
	{ "/p/check_", "the plugin's name ''" COLUMN },
	{ "/p/.x", "the plugin's name ''" COLUMN },
	{ "/p/a+b", "the plugin's name 'a+b'" COLUMN },
	{ "--interval 5x /x",
	    "--interval '5x': expected a duration"
	    " like 90s, 15m, 2h or 1d" },
	{ "--interval 0 /x", "--interval '0': expected from 1s to 7d" },
	{ "--interval 8d /x", "--interval '8d': expected from 1s to 7d" },
	{ "--lifetime 5m /x",
	    "--lifetime '5m': expected a whole"
	    " number and nothing after it" },
	{ "--lifetime 0 /x",
	    "--lifetime '0': the number is too"
	    " small" },
	{ "--unknown blue /x",
	    "--unknown 'blue': expected yellow, red"
	    " or clear" },
	{ "-t 0 /x", "--timeout '0': the number is too small" },
	{ "--display -d /x", "--display '-d'" DISPLAY },
	{ "--display d:0 /x", "--display 'd:0'" PORT },
	{ "--display d:65536 /x", "--display 'd:65536'" PORT },
	{ "--display d: /x", "--display 'd:'" PORT },
	{ "--display :5 /x", "--display ':5'" DISPLAY },
	{ "--display [::1 /x", "--display '[::1'" BRACKET },
	{ "--display [::1]5 /x", "--display '[::1]5'" BRACKET },
	{ "--display d\x1b /x", "--display 'd?'" DISPLAY },
	{ "--display http://a/ /x",
	    "display 'http://a/': a URL needs"
	    " Xymon's client program (XYMON)" },
	{ "--nosuch", "unknown option '--nosuch'" },
	{ "--print=1 /x", "--print takes no value" },
};

static void
test_refuse(void **state)
{
	struct bbext_env env = plain;
	size_t i;

	(void)state;
	for (i = 0; i < ROWS(refused); i++)
		expect(refused[i].words, &plain, refused[i].want);
	env.machine = "a b";
	expect("/x", &env, "MACHINE 'a b'" HOST);
	env.machine = NULL;
	env.machinedots = "a/b";
	expect("/x", &env, "MACHINEDOTS 'a/b'" HOST);
	env.machinedots = NULL;
	env.hostname = "(none)";
	expect("/x", &env, "this machine's name '(none)'" HOST);
	env = plain;
	env.xymsrv = "a --b";
	expect("/x", &env, "XYMSRV '--b'" DISPLAY);
	env.bbport = "x";
	expect("/x", &env, "BBPORT 'x': expected a whole number");
	env.xymondport = "0";
	expect("/x", &env, "XYMONDPORT '0': the number is too small");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_refuse),
	};

	return UNIT_RUN(tests);
}
