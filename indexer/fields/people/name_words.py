"""
Words of names: what tells particles, suffixes, groups and given names from family names.

Tables only, all folded to a-z. A word is added to its table here, with a line in
tests/cases/names.csv that shows why. None of the tables can be complete: they tip the
scale where a name's own shape (comma, initials, capitals) says nothing.
"""

from __future__ import annotations

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES: Final = _words(
    "van von vom der den de del della dello dei degli dell di da do dos das du des la le les los"
    " las el al ul ben bin bint ibn abu abd ould ter ten te ther zu zum zur af av op aan het t in"
    " tom y e i st ste saint san santa santo sao mac mc o d l ap ab auf am vander vanden vande dal"
    " dalla lo delle nic ni ui"
)
# Particles that stand at the start of a run-together family name: "DeLuca", "BenAissa".
CAMEL_STARTS: Final = _words(
    "mc mac de di du la le lo van von fitz ben bin abu al el st san da dal del della des dos o d m"
    " vander vanden vande ap ab saint ter ten ver st ni an ma"
)
JOINING: Final = _words("y e i")  # "Ortega y Gasset": the word before belongs to the family name

SUFFIXES: Final = {
    "jr": "jr", "junior": "jr", "jnr": "jr", "sr": "sr", "senior": "sr", "snr": "sr",
    "ii": "2", "iii": "3", "iv": "4", "2nd": "2", "3rd": "3", "4th": "4",
}  # fmt: skip
TITLES: Final = _words("dr prof professor sir mr mrs ms miss rev phd dame hon ing dipl mag by")

ANONYMOUS: Final = {"s n", "n a", "no name"} | _words(
    "anonymous anon unknown none null na nan sn nil various anonymus anonyme anonimo anonym"
    " undefined unspecified untitled authorless author authors editor editors staff"
    " udc udk doi issn isbn"  # what else stands at the head of a page
)
NO_AUTHOR: Final = (  # how such a name begins
    "no author", "not available", "not specified", "not listed", "unknown author",
    "author unknown", "not applicable", "various author", "anonym",
)  # fmt: skip

# One of these as a word of a name, and it is a group and no person.
GROUP_WORDS: Final = _words(
    "group groups consortium consortia collaboration collaborations collaborative collaborators"
    " committee subcommittee team investigators investigator network university universities"
    " universite universita universitat universitaet universidad universidade universiteit"
    " universitatsbibliothek universitetet institute institut institutes instituto istituto"
    " institution department departement departamento dipartimento dept faculty society"
    " association organization organisation ministry foundation council laboratory laboratories"
    " laboratoire hospital hopital college academy agency corporation corporate inc ltd gmbh llc"
    " federation commission initiative project programme program study studies trial trials"
    " partnership alliance registry workgroup workgrp taskforce panel conference workshop museum"
    " bibliothek library center centre centro zentrum arbeitsgruppe arbeitsgemeinschaft"
    " gesellschaft verein researchers working board bureau survey secretariat service services"
    " osservatorio observatory company union office unit division"
)

# Given names that are hardly ever family names, from many languages: they tell
# "Leroux Geert" from "Geert Leroux" where nothing else does.
GIVEN_NAMES: Final = _words(
    "aaron abdullah abigail achim ada adam adrian adriana agnes agnieszka ahmad ahmed aisha aitor"
    " akira alain alan alberto aldo alejandra alejandro aleksandar aleksandr alena alessandra"
    " alessandro alessio alex alexander alexandra alexandre alexandros alexey alexis alfonso"
    " alfredo ali alice alicia alicja alina alison allan allison alvaro amanda amelia amir amit"
    " ana anastasia anders andre andrea andreas andreea andrei andrej andrew andrey andrzej angel"
    " angela angelo anil anita anja anke ann anna anne annette annika antje anton antonella"
    " antonia antonio antonios april ariel arjun armando arnaud arne arnold arun arvind ashley"
    " ashok astrid asuka atsushi augusto aurora axel ayse barbara bart beatrice beatriz benedetta"
    " benjamin benoit bernard bernd bernhard bert beth bettina betty bianca bill birgit bjorn bob"
    " boris brandon brenda brian brigitte britta bruno bryan camilla camille carina carl carla"
    " carlo carlos carmela carmen carol carolina caroline carolyn carsten catarina catherine cathy"
    " cecilia celine chandra charles charlotte cheryl chiara chloe chris christa christian"
    " christiane christina christine christoph christophe christopher cindy claire clara claudia"
    " claudio clemens colin colleen connie constantin corinna cornelia craig cristian cristiano"
    " cristina cynthia daiki daisuke damien dana daniel daniela daniele danielle danilo dario"
    " darren dave david davide dawn deborah debra denis denise dennis derek devin diana diane"
    " diego dieter dietmar dimitri dimitrios dirk dmitry dominic dominik dominique donald"
    " donatella donna doris dorothea dorothy douglas duncan dylan edgar edith edoardo eduard"
    " eduardo edward edwin eileen elaine elena eleonora elias elif elisa elisabeth elisabetta"
    " eliza elizabeth ellen elsa emanuel emanuela emanuele emilia emilio emily emma emmanuel"
    " enrico enrique eric erica erich erik erika erin ernst esther ethan eugene eugenia eva evan"
    " evangelos evelyn fabian fabio fabrice fabrizio farid fatemeh fatima fatma federica federico"
    " felipe felix ferdinando fernanda fernando filip filippo fiona flavia flavio florence florian"
    " francesca francesco francisca francisco franco francois francoise frank franz fred frederic"
    " frederick frederik friedrich fumiko gabriel gabriela gabriele gabriella gail gareth gary"
    " geert geoffrey georg georgia georgios gerald gerard gerd gerhard gert giacomo gianluca"
    " giorgia giorgio giovanna giovanni giulia giuliano giulio giuseppe glenn gloria gonzalo"
    " graham greg gregor gregory greta guido guillaume guillermo gunnar gunter gustavo hakan hamid"
    " hanna hannah hannes hans harald harold harry hassan heather heike heiko heinrich heinz helen"
    " helena helene helga helmut hendrik henri henrik henry herbert hermann hideki hideo hilary"
    " hiroaki hiroki hiroko hiroshi hiroyuki holger hossein hubert hugo ian ignacio igor ilaria"
    " ilse ines inge ingo ingrid irene irina iris isabel isabella isabelle ivan ivana ivo jacob"
    " jacopo jacqueline jacques jaime jakob jakub james jamie jan jana jane janet janice janina"
    " jasmin jason javier jean jeanne jeff jeffrey jelena jennifer jens jeremy jerome jerry jesper"
    " jesse jessica jesus jill jim jiri joachim joan joana joanna joanne joao joaquin jochen joel"
    " johan johann johanna johannes john jon jonas jonathan jorg jorge jose josef joseph joshua"
    " joy juan juana juha juho julia julian juliana julie julien juliet julio jun-ichi junichi"
    " jurgen justin justyna kai kaori karel karen karin karl karla karolina katarina katarzyna"
    " kate katharina katherine kathleen kathryn katie katrin katsuhiko kay kazuhiro kazuo keiko"
    " keith kelly ken kenichi kenji kenneth kerstin kevin khalid kim-anh kimberly kirsten kirsty"
    " klaus koen koichi koji konstantin konstantinos kristen kristian kristin kristina kristof"
    " krystyna krzysztof kurt kyle larry lars laszlo laura lauren laurence laurent lea leah leila"
    " lena leo leon leonardo leonid leslie liam lidia liliana linda line lisa lise livia loic"
    " lorena lorenzo lori louise luca lucas lucia luciana luciano lucie lucy ludwig luigi luis"
    " luisa lukas luke lutz lydia lynn maarten magdalena magnus mahdi mahmoud maja makoto"
    " malgorzata malin manfred manoj manuel manuela mara marc marcel marcela marcello marcelo"
    " marcia marcin marco marcos marcus marek margaret margarita maria mariana marianna marianne"
    " marie marie-france marina mario marion marisa marius mark markku marko markus marlene marta"
    " martha martijn martina mary maryam masaaki masahiro masaki masako masao masashi massimo"
    " mateusz mathias mathieu mathilde matteo matthew matthias matthieu maud maureen maurice"
    " mauricio maurizio mauro max maxim maxime mayank megan mehdi mehmet melanie melissa mia"
    " michael michaela michal michel michela michele michelle michiel miguel mihai mika mike"
    " mikhail milan miloslav mina miriam mirjam mitsuru mohamed mohammad mohammed mohsen moira"
    " monica monika monique morten mustafa nadia nadine nancy naoki naoko naomi natalia natalie"
    " natasha nathalie nathan neal neil nele nicholas nick nicola nicolas nicole nicoletta niels"
    " nikita nikolai nikolaos nikolas nils nina noah nobuo noel noemi nora norbert norman nuno"
    " oleg olga oliver olivia olivier oliviero olof omar osamu oscar otto pablo pamela panagiotis"
    " paola paolo pascal pascale patricia patrick patrizia paul paula pauline paulo pavel pawel"
    " pedro peggy penelope per-olof peter petra petros phil philip philipp philippe phillip"
    " pierluigi pierre pieter pietro piotr pooja prakash pranav priya rachel radek rafael"
    " raffaella rahul rainer rajesh rakesh ralf ralph ramon raphael raquel rasmus raul ravi"
    " rebecca regina reinhard renata renate renato rene reto reza ricardo riccardo richard rick"
    " rita rob robert roberta roberto robin rodrigo roger rogier roland rolf romain roman ron"
    " ronald roni rosa rosario rosemary ruben rudolf rui rupert russell ruth ryan sabine sabrina"
    " sally salvatore samantha samuel sandeep sander sandra sanjay sara sarah satoru satoshi sean"
    " sebastian sebastien serena serge sergei sergey sergio seth shannon sharon sheila shigeru"
    " shin-ichi shinji shirley silke silvia simon simona simone sofia sonia sonja sophia sophie"
    " stacey stacy stanislav stanley stefan stefania stefanie stefano stella stephan stephane"
    " stephanie stephen steve steven stuart sudhir sunil suresh susan susana susanna susanne"
    " suzanne sven svetlana sylvain sylvia sylvie tadashi takahiro takashi takeshi tamara tammy"
    " tania tanja tanya tara taro tatiana tatjana ted teresa tetsuya thierry thomas thorsten tiago"
    " tiffany tim timo timothy tina tobias todd tom tomas tomasz tommaso tomoko tony torsten"
    " toshiaki toshio tracy tristan tuomas uli ulrich ulrike ursula uwe valentina valeria valerie"
    " vanessa vera veronica veronika vicki victor victoria vijay viktor vincent vincenzo virginia"
    " vittorio vivek vivian vladimir volker walter wanda wayne wendy werner wilfried wilhelm"
    " wilhelmina willem william wim winfried wojciech wolfgang xavier yann yannick yasemin"
    " yasuhiro yasuo yoko yolanda yosef yoshihiro yoshiko yoshio yuichi yuji yukiko yuko yuri"
    " yusuke yutaka yves yvette yvonne zahra zdenek zeynep zoe zoltan zuzana"
)

# Family names of Chinese, Korean and Vietnamese people, as romanised: they tell
# "Zhang Xiaoming" from "Xiaoming Zhang".
EAST_ASIAN_FAMILIES: Final = _words(
    "wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he gao lin luo zheng liang"
    " xie tang xu deng feng han cao zeng peng xiao cai pan tian dong yuan yu ye du su wei cheng"
    " jiang lu ding ren yao shen zhong cui tan fan jin shi liao jia xia fu fang zou xiong bai meng"
    " qin qiu hou jiang yin xue yan duan lei long tao shi he gu mao hao gong shao wan qian dai mo"
    " kong xiang chang wen pang niu geng ouyang zhuang kang yue ni shu qi hong tong bao ge zuo"
    " kim lee park choi jung jeong kang cho yoon jang lim oh seo shin kwon hwang ahn song hong yoo"
    " moon bae baek nam noh ryu heo nguyen tran le pham hoang huynh phan vu vo dang bui do ngo"
    " duong ly wong chan cheung leung lau cheng ng kwok chow tsang fung tse chiu hui yip mak"
    " tsai hsu hsieh chang chung yeh tseng liao kuo hung"
)
COMPOUND_HAN_FAMILIES: Final = _words(
    "欧阳 歐陽 司马 司馬 诸葛 諸葛 上官 司徒 东方 東方 独孤 慕容 皇甫 尉迟 公孙 公孫 令狐 长孙 長孫"
    " 남궁 황보 제갈 선우"
)
