#!/usr/bin/perl
# SPDX-License-Identifier: GPL-3.0-or-later
# contrib.t - the samples: installed, versioned, and what needs no consumer
use strict;
use warnings;

use File::Find;
use FindBin;
use lib "$FindBin::Bin/lib";
use MQ;
use Test::More;

my $src = srcdir();
my $makefile = slurp("$src/Makefile.am");
my ($version) = slurp("$src/configure.ac") =~
    /^AC_INIT\(\[mqueue-plugins\], \[([^]]+)\]\)/m;
my @files;
find({no_chdir => 1, wanted => sub {
	push @files, s{^\Q$src\E/}{}r if -f;
}}, "$src/contrib");
@files = sort @files;

is_deeply([grep { $makefile !~ m{(?:^|\s)\Q$_\E(?:\s|$)}m } @files], [],
    'every sample is in Makefile.am');
is_deeply([grep {
	slurp("$src/$_") =~ /\A#!.*\n(?!# SPDX-License-Identifier: )/
} grep { !m{/bigbrother/} } @files], [], 'every program has its licence');

# cron looks in /usr/bin and /bin, and sshd in little more, for others than
# root: what is not there is named by its path, or the file sets PATH.
my @texts = ('README', glob("$src/man/*.[0-9]"), @files);
my @unfound;
for my $file (map { s{^\Q$src\E/}{}r } @texts) {
	my $text = slurp("$src/$file");
	# Nor does cron know a line that goes on.
	push @unfound, map { "$file: $_" } $text =~
	    m{^((?:\.Dl)?[ ]*(?:[*\d/,]+[ \t]+){5}.*\\e?)$}mg;
	next if $text =~ /^PATH=/m;
	push @unfound, map { "$file: $_" } grep { !m{^(?:/|bb-ext$)} } $text =~
	    m{^(?:\.Dl)?[ ]*(?:[*\d/,]+[ \t]+){5}
	    (?:(?:root|nagios|xymon|bb)[ \t]+)?([^*\d\s]\S*)}mgx;
	push @unfound, map { "$file: ssh $_" } $text =~
	    /ssh (?:-o \S+ )?\S+ (mqreport)\b/g;
}
is_deeply(\@unfound, [], 'cron and sshd find what the samples run');

# Plugins are in no PATH: a command that begins with one names its folder.  In
# prose a command is between words.
my $plugin = qr/check_(?:mqueue|relayflood|nrpe)\b/;
my @bare;
for my $file (map { s{^\Q$src\E/}{}r } @texts) {
	my $text = slurp("$src/$file");
	push @bare, map { "$file: $_" } $text =~
	    m{^(?:\.Dl\ |[ ]+)?\$[ ]($plugin.*)$}mgx,
	    $text =~ m{^(?:\.Dl\ |[ ]+)\#[ ]($plugin.*)$}mgx,
	    $file =~ m{^man/} ? $text =~ m{^\#[ ]($plugin.*)$}mg : (),
	    $text =~ m{^[ ]{2,}($plugin(?:[ ]-.*)?)$}mg,
	    $text =~ m{:[ ]($plugin[ ]-.*)$}mg;
	# A remark behind a command is one of its arguments.
	push @bare, map { "$file: $_" } $text =~
	    m{^[ ]{2}((?:cp|install|check_\w+|/usr\S+)[ ].*[ ]{3,}\w.*)$}mg;
}
is_deeply(\@bare, [], 'no command needs a PATH, or has a remark behind it');
for my $name ('check_mqueue', 'check_relayflood') {
	my ($examples) = run(program($name), '--help')->{out} =~
	    /^Examples:\n(.*?)\n\n/ms;
	like($examples, qr{\A  cd /\S+\n}, "$name --help: where it is");
	unlike($examples, qr/^  $plugin/m, '... and each command finds it');
}

# Programs that a user runs: help and version as everywhere.
for my $file ('cron/mqueue-alert', 'graphs/rrd/perfdata-rrd',
    'graphs/rrd/queue-graph', 'nagios/submit-result') {
	my ($name) = $file =~ m{([^/]+)$};
	my $r = run("$src/contrib/$file", '--version');
	is($r->{out}, "$name (mqueue-plugins) $version\n", "$name --version");
	is($r->{code}, 0, '... exit 0');
	$r = run("$src/contrib/$file", '--help');
	like($r->{out}, qr/\AUsage: \Q$name\E /, "$name --help");
	is("$r->{code}$r->{err}", '0', '... exit 0');
	$r = run("$src/contrib/$file", '--no-such-option', 'x', 'y', 'z');
	is($r->{code}, 2, "$name --no-such-option: exit 2");
	isnt($r->{err}, '', '... and why');
}

my $work = tempdir();
sub submit {
	return run("$src/contrib/nagios/submit-result", '-H', 'mx1', @_);
}

# The line that Nagios would get.
sub line {
	my @arguments = @_;
	my $r = submit('-p', @arguments);
	is("$r->{code}$r->{err}", '0', 'submit-result -p');
	return $r->{out} =~ s/^\[\d{10}\] PROCESS_SERVICE_CHECK_RESULT;//r;
}

subtest 'submit-result: one line, whatever the plugin does' => sub {
	is(line('q', 'printf', 'A OK | a=1\nlong\n\n'),
	    "mx1;q;0;A OK | a=1\\nlong\n", 'lines');
	is(line('q', 'printf', 'a\\\\b\t\e\377c'), "mx1;q;0;a\\\\b   c\n",
	    'backslash, control characters, no ASCII');
	is(line('q', 'sh', '-c', 'exit 2'),
	    "mx1;q;2;the plugin printed nothing\n", 'nothing');
	is(line('q', 'sh', '-c', 'echo x; exit 99'), "mx1;q;3;x\n",
	    'an exit status that is none');
	is(line('q', 'sh', '-c', 'echo x; kill -9 $$'), "mx1;q;3;x\n",
	    'a signal');
	like(line('q', "$work/none"),
	    qr{^mx1;q;3;cannot run \Q$work\E/none: No such file}, 'no plugin');
	is(line('-t', '1', 'q', 'sh', '-c', 'sleep 60 & sleep 60'),
	    "mx1;q;3;sh did not end within 1 s\n", 'no end');
	for my $char ('x', '\\') {
		my $r = submit('-p', 'q', 'perl', '-e',
		    'print $ARGV[0] x 20000', $char);
		cmp_ok(length $r->{out}, '<=', 8191, "20000 times $char");
		cmp_ok(length $r->{out}, '>=', 8190, '... is cut');
		is(($r->{out} =~ /(\\*)\n\z/)[0] =~ tr/\\// % 2, 0,
		    '... not within an escape');
	}
};

subtest 'submit-result: what cannot be handed over' => sub {
	for my $case (['no such file', "$work/none", qr/is no FIFO/],
	    ['a file', "$work/file", qr/is no FIFO/],
	    ['nobody reads', "$work/fifo", qr/nobody reads it/]) {
		my ($what, $file, $why) = @$case;
		spew("$work/file", '');
		-p "$work/fifo" or run('mkfifo', "$work/fifo");
		my $r = submit('-f', $file, 'q', 'true');
		is($r->{code}, 2, "$what: exit 2");
		like($r->{err}, qr/\Asubmit-result: \S+:? .*$why/, '... and why');
		is(-s "$work/file", 0, '... and no file is written');
	}
	for my $case (['q'], [], ['q;0', 'true'], ["q\n", 'true'],
	    ['-t', '0', 'q', 'true'], ['-t', 'x', 'q', 'true']) {
		is(submit('-p', @$case)->{code}, 2, "refused: @$case" =~ s/\n//r);
	}
};
done_testing();
