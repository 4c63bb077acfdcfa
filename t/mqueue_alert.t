#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# mqueue_alert.t - contrib/cron/mqueue-alert reports what is news, when run as
# cron does
use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $work = tempdir();
my $alert = srcdir() . '/contrib/cron/mqueue-alert';
my $state_dir = "$work/home/.mqueue-alert";

mkdir "$work/home" or die "home: $!\n";
make_queue("$work/mqueue", 3);

# A plugin whose answer is what the test wrote to a file.
my $plugin = "$work/plug in";
spew($plugin, "#!/bin/sh\nread code <'$work/answer'\n",
    "sed 1d '$work/answer'; exit \"\$code\"\n");
chmod 0755, $plugin;

sub answer {
	my ($code, @lines) = @_;
	spew("$work/answer", map { "$_\n" } $code, @lines);
}

# As cron runs it: a shell, and hardly an environment.
sub alert_line {
	my ($line) = @_;
	return run('env', '-i', "HOME=$work/home", 'LOGNAME=root',
	    'SHELL=/bin/sh', 'PATH=/usr/bin:/bin', '/bin/sh', '-c', $line);
}

sub alert {
	my @words = @_;
	return alert_line(join ' ', map { "'$_'" } $alert, @words, $plugin,
	    'a', 'b');
}

sub record {
	my @files = glob "$state_dir/*";
	is(scalar @files, 1, 'there is one record');
	return $files[0];
}

# $r has the text and nothing else.
sub says {
	my ($r, $text, $what) = @_;
	$text =~ s/\AHOST/(run('uname', '-n')->{out} =~ s{\n}{}r)/e;
	is($r->{out}, $text, $what);
	is($r->{err}, '', '... without an error');
	is($r->{code}, 0, '... exit 0');
}

subtest 'a change is news, a state that lasts is not' => sub {
	answer(0, 'X OK - fine | x=1;2;3', 'more', '  and more');
	says(alert(), "HOST: X OK - fine\nmore\n  and more\n(first report)\n",
	    'the first run');
	says(alert(), '', 'OK again');
	answer(1, 'X WARNING - so so | x=2;2;3');
	says(alert(), "HOST: X WARNING - so so\n(was OK)\n", 'WARNING');
	answer(1, 'X WARNING - other words');
	says(alert(), '', 'WARNING with another text');
	answer(2, 'X CRITICAL - bad');
	says(alert(), "HOST: X CRITICAL - bad\n(was WARNING)\n", 'CRITICAL');
	answer(3, 'X UNKNOWN - who knows');
	says(alert(), "HOST: X UNKNOWN - who knows\n(was CRITICAL)\n",
	    'UNKNOWN');
	says(alert(), '', 'UNKNOWN again');
	answer(0, 'X OK - fine');
	says(alert(), "HOST: X OK - fine\n(was UNKNOWN)\n", 'OK');
	record();
	is((stat $state_dir)[2] & 07777, 0700, 'the directory is private');
};

# Makes the last report $age seconds old.
sub age_record {
	my ($age) = @_;
	my $file = record();
	my $then = time - $age;
	spew($file, slurp($file) =~ s/ \d+ end$/ $then end/r);
}

subtest 'again after a time' => sub {
	answer(1, 'X WARNING - so so');
	alert();
	age_record(4 * 3600 - 5);
	says(alert(), '', 'not within 4 hours');
	age_record(4 * 3600);
	says(alert(), "HOST: X WARNING - so so\n(still WARNING)\n",
	    'but after them');
	says(alert(), '', 'and then not again');
	age_record(100);
	says(alert('--again', '2m'), '', '--again 2m is 120 s');
	says(alert('--again=100s'),
	    "HOST: X WARNING - so so\n(still WARNING)\n", '--again=100s');
	age_record(1e9);
	says(alert('--again', '0'), '', '--again 0 is never');
	answer(0, 'X OK - fine');
	alert();
	age_record(1e9);
	says(alert(), '', 'OK is not said again');
};

subtest 'a record that cannot be believed means: report' => sub {
	answer(0, 'X OK - fine');
	alert();
	my $file = record();
	my $good = slurp($file);
	my ($now) = $good =~ /\Amqueue-alert 1 0 (\d+) end\n\z/;
	ok($now, 'what a record looks like');
	my $future = time + 3600;
	for my $bad ('', substr($good, 0, 20), $good =~ s/\n//r,
	    "mqueue-alert 2 0 $now end\n", "mqueue-alert 1 7 $now end\n",
	    "mqueue-alert 1 0 x end\n", "mqueue-alert 1 0 $future end\n",
	    "mqueue-alert 1 0 9999999999999999999999 end\n", "\0" x 4096) {
		spew($file, $bad);
		says(alert(), "HOST: X OK - fine\n(first report)\n",
		    'torn: ' . (substr($bad, 0, 40) =~ tr/ -~//cdr));
		like(slurp($file), qr/\Amqueue-alert 1 0 \d+ end\n\z/,
		    '... and mended');
	}
	unlink $file;
	says(alert(), "HOST: X OK - fine\n(first report)\n", 'none');
	# What a crash in the middle of writing leaves.
	spew("$file.new", 'mqueue-al');
	answer(1, 'X WARNING - so so');
	says(alert(), "HOST: X WARNING - so so\n(was OK)\n", 'an old .new');
	record();
};

subtest 'each plugin and its arguments have a record' => sub {
	answer(1, 'X WARNING - so so');
	alert();
	my $line = "$alert '$plugin' a";
	like(alert_line($line)->{out}, qr/first report/, 'other arguments');
	is(alert_line($line)->{out}, '', 'are known then');
	like(alert_line("$alert '$plugin' 'a b'")->{out}, qr/first report/,
	    'a blank in an argument is not two arguments');
	unlink glob "$state_dir/*";
};

subtest 'what is no answer of a plugin is UNKNOWN' => sub {
	answer(77, 'what?');
	my $r = alert();
	like($r->{out}, qr/^\S+: what\?\n\(exit status 77 of /,
	    'an exit status');
	my ($file) = glob "$state_dir/*";
	like(slurp($file), qr/^mqueue-alert 1 3 /, 'the record has a 3');
	answer(0);
	like(alert()->{out}, qr/: the plugin printed nothing\n/, 'no output');
	unlink glob "$state_dir/*";
	like(alert_line("$alert /nonexistent/plugin")->{out},
	    qr/not found.*\(exit status 127 of /s, 'no plugin');
	like(alert_line("$alert sh -c 'kill -9 \$\$'")->{out},
	    qr/\(exit status 137 of /, 'a signal');
	unlink glob "$state_dir/*";
	answer(1, "X WARNING - \e[31mred\e[0m \x{7} caf\xc3\xa9");
	says(alert(), "HOST: X WARNING - [31mred[0m  caf\n(first report)\n",
	    'control characters are left out');
};

subtest '--command' => sub {
	unlink glob "$state_dir/*";
	spew("$work/pager", "#!/bin/sh\n", "{ echo \"\$#:\$*\"; ",
	    "echo \"\$MQUEUE_ALERT_STATE,\$MQUEUE_ALERT_WAS\"; cat; } ",
	    ">'$work/paged'\n");
	chmod 0755, "$work/pager";
	answer(2, 'X CRITICAL - $(id) `id` ; id');
	says(alert('--command', "$work/pager -x * \$(id)"), '',
	    'nothing is printed');
	like(slurp("$work/paged"), qr/\A3:-x \* \$\(id\)\nCRITICAL,\n\S+: X /,
	    'words, and no shell');
	like(slurp("$work/paged"), qr/ - \$\(id\) `id` ; id\n/, 'the text');
	answer(0, 'X OK - fine');
	alert('--command', "$work/pager");
	like(slurp("$work/paged"), qr/\A0:\nOK,CRITICAL\n/, 'the states');

	answer(1, 'X WARNING - so so');
	my $r = alert('--command', 'false');
	like($r->{out}, qr/X WARNING - so so\n.*\nmqueue-alert: this failed: /s,
	    'if it fails the text is printed');
	is($r->{code}, 0, '... and that was a report');
	says(alert('--command', 'false'), '', '... and the only one');
};

subtest 'a state that cannot be kept' => sub {
	spew("$work/file", '');
	answer(0, 'X OK - fine');
	for my $try (1, 2) {
		my $r = alert('--state-dir', "$work/file/dir");
		is($r->{code}, 2, 'exit 2');
		like($r->{out}, qr/: X OK - fine\n/, 'the report all the same');
		like($r->{err}, qr/will be reported each time$/, 'and why');
	}
};

subtest 'a report that cannot be written' => sub {
	unlink glob "$state_dir/*";
	answer(1, 'X WARNING - so so');
	my $line = "$alert '$plugin' a b";
	is(alert_line("$line >/dev/full")->{code}, 2, 'exit 2');
	like(alert_line($line)->{out}, qr/\(first report\)/, 'is no report');
};

subtest 'the real plugin' => sub {
	my $check = program('check_mqueue');
	my $line = "$alert $check --state-dir $work -q $work/mqueue -w 5";
	like(alert_line($line)->{out},
	    qr/: MQUEUE OK - mqueue 3 messages, oldest [^|]*\nmqueue OK: 3 /,
	    'its first report');
	is(alert_line($line)->{out}, '', 'and no more');
	make_queue("$work/mqueue", 4, first => 3);
	like(alert_line($line)->{out},
	    qr/: MQUEUE WARNING - mqueue 7 messages, over 5, .*\n\(was OK\)\n\z/s,
	    'until it has one to make');
};

subtest 'options' => sub {
	for my $case (['--again'], ['--again', 'soon'], ['--again', '4hh'],
	    ['--again', '-1'], ['--again', ''], ['--agian', '4h'], ['-x']) {
		my $r = alert(@$case);
		is($r->{code}, 2, "@$case: exit 2");
		is($r->{out}, '', '... prints nothing');
		like($r->{err}, qr/\Amqueue-alert: .+\n\z/, '... but why');
	}
	is(alert_line($alert)->{code}, 2, 'no plugin: exit 2');
	my $help = alert_line("$alert --help");
	is($help->{code}, 0, '--help');
	like($help->{out}, qr/Mail about a full mail queue arrives late/,
	    'warns of mail about mail');
};

done_testing();
