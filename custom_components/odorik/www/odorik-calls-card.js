// Built from card/. Lit: © Google LLC, odorik-calls-card.LICENSE.txt
var ai=Object.defineProperty;var li=Object.getOwnPropertyDescriptor;var l=(s,e,t,i)=>{for(var o=i>1?void 0:i?li(e,t):e,r=s.length-1,n;r>=0;r--)(n=s[r])&&(o=(i?n(e,t,o):n(o))||o);return i&&o&&ai(e,t,o),o};var he="home-assistant";document.querySelector(he)&&await customElements.whenDefined(he);var _t=globalThis,$t=_t.ShadowRoot&&(_t.ShadyCSS===void 0||_t.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Gt=Symbol(),pe=new WeakMap,at=class{constructor(e,t,i){if(this._$cssResult$=!0,i!==Gt)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,t=this.t;if($t&&e===void 0){let i=t!==void 0&&t.length===1;i&&(e=pe.get(t)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),i&&pe.set(t,e))}return e}toString(){return this.cssText}},ue=s=>new at(typeof s=="string"?s:s+"",void 0,Gt),_=(s,...e)=>{let t=s.length===1?s[0]:e.reduce((i,o,r)=>i+(n=>{if(n._$cssResult$===!0)return n.cssText;if(typeof n=="number")return n;throw Error("Value passed to 'css' function must be a 'css' function result: "+n+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(o)+s[r+1],s[0]);return new at(t,s,Gt)},me=(s,e)=>{if($t)s.adoptedStyleSheets=e.map(t=>t instanceof CSSStyleSheet?t:t.styleSheet);else for(let t of e){let i=document.createElement("style"),o=_t.litNonce;o!==void 0&&i.setAttribute("nonce",o),i.textContent=t.cssText,s.appendChild(i)}},Yt=$t?s=>s:s=>s instanceof CSSStyleSheet?(e=>{let t="";for(let i of e.cssRules)t+=i.cssText;return ue(t)})(s):s;var{is:di,defineProperty:ci,getOwnPropertyDescriptor:hi,getOwnPropertyNames:pi,getOwnPropertySymbols:ui,getPrototypeOf:mi}=Object,xt=globalThis,fe=xt.trustedTypes,fi=fe?fe.emptyScript:"",gi=xt.reactiveElementPolyfillSupport,lt=(s,e)=>s,dt={toAttribute(s,e){switch(e){case Boolean:s=s?fi:null;break;case Object:case Array:s=s==null?s:JSON.stringify(s)}return s},fromAttribute(s,e){let t=s;switch(e){case Boolean:t=s!==null;break;case Number:t=s===null?null:Number(s);break;case Object:case Array:try{t=JSON.parse(s)}catch{t=null}}return t}},wt=(s,e)=>!di(s,e),ge={attribute:!0,type:String,converter:dt,reflect:!1,useDefault:!1,hasChanged:wt};Symbol.metadata??=Symbol("metadata"),xt.litPropertyMetadata??=new WeakMap;var j=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ge){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let i=Symbol(),o=this.getPropertyDescriptor(e,i,t);o!==void 0&&ci(this.prototype,e,o)}}static getPropertyDescriptor(e,t,i){let{get:o,set:r}=hi(this.prototype,e)??{get(){return this[t]},set(n){this[t]=n}};return{get:o,set(n){let d=o?.call(this);r?.call(this,n),this.requestUpdate(e,d,i)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ge}static _$Ei(){if(this.hasOwnProperty(lt("elementProperties")))return;let e=mi(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(lt("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(lt("properties"))){let t=this.properties,i=[...pi(t),...ui(t)];for(let o of i)this.createProperty(o,t[o])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[i,o]of t)this.elementProperties.set(i,o)}this._$Eh=new Map;for(let[t,i]of this.elementProperties){let o=this._$Eu(t,i);o!==void 0&&this._$Eh.set(o,t)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let i=new Set(e.flat(1/0).reverse());for(let o of i)t.unshift(Yt(o))}else e!==void 0&&t.push(Yt(e));return t}static _$Eu(e,t){let i=t.attribute;return i===!1?void 0:typeof i=="string"?i:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,t=this.constructor.elementProperties;for(let i of t.keys())this.hasOwnProperty(i)&&(e.set(i,this[i]),delete this[i]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return me(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,i){this._$AK(e,i)}_$ET(e,t){let i=this.constructor.elementProperties.get(e),o=this.constructor._$Eu(e,i);if(o!==void 0&&i.reflect===!0){let r=(i.converter?.toAttribute!==void 0?i.converter:dt).toAttribute(t,i.type);this._$Em=e,r==null?this.removeAttribute(o):this.setAttribute(o,r),this._$Em=null}}_$AK(e,t){let i=this.constructor,o=i._$Eh.get(e);if(o!==void 0&&this._$Em!==o){let r=i.getPropertyOptions(o),n=typeof r.converter=="function"?{fromAttribute:r.converter}:r.converter?.fromAttribute!==void 0?r.converter:dt;this._$Em=o;let d=n.fromAttribute(t,r.type);this[o]=d??this._$Ej?.get(o)??d,this._$Em=null}}requestUpdate(e,t,i,o=!1,r){if(e!==void 0){let n=this.constructor;if(o===!1&&(r=this[e]),i??=n.getPropertyOptions(e),!((i.hasChanged??wt)(r,t)||i.useDefault&&i.reflect&&r===this._$Ej?.get(e)&&!this.hasAttribute(n._$Eu(e,i))))return;this.C(e,t,i)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,t,{useDefault:i,reflect:o,wrapped:r},n){i&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,n??t??this[e]),r!==!0||n!==void 0)||(this._$AL.has(e)||(this.hasUpdated||i||(t=void 0),this._$AL.set(e,t)),o===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(t){Promise.reject(t)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[o,r]of this._$Ep)this[o]=r;this._$Ep=void 0}let i=this.constructor.elementProperties;if(i.size>0)for(let[o,r]of i){let{wrapped:n}=r,d=this[o];n!==!0||this._$AL.has(o)||d===void 0||this.C(o,void 0,r,d)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(i=>i.hostUpdate?.()),this.update(t)):this._$EM()}catch(i){throw e=!1,this._$EM(),i}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(t=>t.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(t=>this._$ET(t,this[t])),this._$EM()}updated(e){}firstUpdated(e){}};j.elementStyles=[],j.shadowRootOptions={mode:"open"},j[lt("elementProperties")]=new Map,j[lt("finalized")]=new Map,gi?.({ReactiveElement:j}),(xt.reactiveElementVersions??=[]).push("2.1.2");var Jt=globalThis,ye=s=>s,kt=Jt.trustedTypes,ve=kt?kt.createPolicy("lit-html",{createHTML:s=>s}):void 0,Xt="$lit$",N=`lit$${Math.random().toFixed(9).slice(2)}$`,te="?"+N,yi=`<${te}>`,B=document,ht=()=>B.createComment(""),pt=s=>s===null||typeof s!="object"&&typeof s!="function",ee=Array.isArray,ke=s=>ee(s)||typeof s?.[Symbol.iterator]=="function",Qt=`[ 	
\f\r]`,ct=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,be=/-->/g,_e=/>/g,q=RegExp(`>|${Qt}(?:([^\\s"'>=/]+)(${Qt}*=${Qt}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),$e=/'/g,xe=/"/g,Ae=/^(?:script|style|textarea|title)$/i,ie=s=>(e,...t)=>({_$litType$:s,strings:e,values:t}),c=ie(1),qi=ie(2),Vi=ie(3),R=Symbol.for("lit-noChange"),h=Symbol.for("lit-nothing"),we=new WeakMap,V=B.createTreeWalker(B,129);function Ce(s,e){if(!ee(s)||!s.hasOwnProperty("raw"))throw Error("invalid template strings array");return ve!==void 0?ve.createHTML(e):e}var Ee=(s,e)=>{let t=s.length-1,i=[],o,r=e===2?"<svg>":e===3?"<math>":"",n=ct;for(let d=0;d<t;d++){let a=s[d],m,b,p=-1,g=0;for(;g<a.length&&(n.lastIndex=g,b=n.exec(a),b!==null);)g=n.lastIndex,n===ct?b[1]==="!--"?n=be:b[1]!==void 0?n=_e:b[2]!==void 0?(Ae.test(b[2])&&(o=RegExp("</"+b[2],"g")),n=q):b[3]!==void 0&&(n=q):n===q?b[0]===">"?(n=o??ct,p=-1):b[1]===void 0?p=-2:(p=n.lastIndex-b[2].length,m=b[1],n=b[3]===void 0?q:b[3]==='"'?xe:$e):n===xe||n===$e?n=q:n===be||n===_e?n=ct:(n=q,o=void 0);let f=n===q&&s[d+1].startsWith("/>")?" ":"";r+=n===ct?a+yi:p>=0?(i.push(m),a.slice(0,p)+Xt+a.slice(p)+N+f):a+N+(p===-2?d:f)}return[Ce(s,r+(s[t]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),i]},ut=class s{constructor({strings:e,_$litType$:t},i){let o;this.parts=[];let r=0,n=0,d=e.length-1,a=this.parts,[m,b]=Ee(e,t);if(this.el=s.createElement(m,i),V.currentNode=this.el.content,t===2||t===3){let p=this.el.content.firstChild;p.replaceWith(...p.childNodes)}for(;(o=V.nextNode())!==null&&a.length<d;){if(o.nodeType===1){if(o.hasAttributes())for(let p of o.getAttributeNames())if(p.endsWith(Xt)){let g=b[n++],f=o.getAttribute(p).split(N),w=/([.?@])?(.*)/.exec(g);a.push({type:1,index:r,name:w[2],strings:f,ctor:w[1]==="."?Ct:w[1]==="?"?Et:w[1]==="@"?St:G}),o.removeAttribute(p)}else p.startsWith(N)&&(a.push({type:6,index:r}),o.removeAttribute(p));if(Ae.test(o.tagName)){let p=o.textContent.split(N),g=p.length-1;if(g>0){o.textContent=kt?kt.emptyScript:"";for(let f=0;f<g;f++)o.append(p[f],ht()),V.nextNode(),a.push({type:2,index:++r});o.append(p[g],ht())}}}else if(o.nodeType===8)if(o.data===te)a.push({type:2,index:r});else{let p=-1;for(;(p=o.data.indexOf(N,p+1))!==-1;)a.push({type:7,index:r}),p+=N.length-1}r++}}static createElement(e,t){let i=B.createElement("template");return i.innerHTML=e,i}};function Z(s,e,t=s,i){if(e===R)return e;let o=i!==void 0?t._$Co?.[i]:t._$Cl,r=pt(e)?void 0:e._$litDirective$;return o?.constructor!==r&&(o?._$AO?.(!1),r===void 0?o=void 0:(o=new r(s),o._$AT(s,t,i)),i!==void 0?(t._$Co??=[])[i]=o:t._$Cl=o),o!==void 0&&(e=Z(s,o._$AS(s,e.values),o,i)),e}var At=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:i}=this._$AD,o=(e?.creationScope??B).importNode(t,!0);V.currentNode=o;let r=V.nextNode(),n=0,d=0,a=i[0];for(;a!==void 0;){if(n===a.index){let m;a.type===2?m=new X(r,r.nextSibling,this,e):a.type===1?m=new a.ctor(r,a.name,a.strings,this,e):a.type===6&&(m=new Rt(r,this,e)),this._$AV.push(m),a=i[++d]}n!==a?.index&&(r=V.nextNode(),n++)}return V.currentNode=B,o}p(e){let t=0;for(let i of this._$AV)i!==void 0&&(i.strings!==void 0?(i._$AI(e,i,t),t+=i.strings.length-2):i._$AI(e[t])),t++}},X=class s{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,i,o){this.type=2,this._$AH=h,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=i,this.options=o,this._$Cv=o?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=Z(this,e,t),pt(e)?e===h||e==null||e===""?(this._$AH!==h&&this._$AR(),this._$AH=h):e!==this._$AH&&e!==R&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):ke(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==h&&pt(this._$AH)?this._$AA.nextSibling.data=e:this.T(B.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:i}=e,o=typeof i=="number"?this._$AC(e):(i.el===void 0&&(i.el=ut.createElement(Ce(i.h,i.h[0]),this.options)),i);if(this._$AH?._$AD===o)this._$AH.p(t);else{let r=new At(o,this),n=r.u(this.options);r.p(t),this.T(n),this._$AH=r}}_$AC(e){let t=we.get(e.strings);return t===void 0&&we.set(e.strings,t=new ut(e)),t}k(e){ee(this._$AH)||(this._$AH=[],this._$AR());let t=this._$AH,i,o=0;for(let r of e)o===t.length?t.push(i=new s(this.O(ht()),this.O(ht()),this,this.options)):i=t[o],i._$AI(r),o++;o<t.length&&(this._$AR(i&&i._$AB.nextSibling,o),t.length=o)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let i=ye(e).nextSibling;ye(e).remove(),e=i}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},G=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,i,o,r){this.type=1,this._$AH=h,this._$AN=void 0,this.element=e,this.name=t,this._$AM=o,this.options=r,i.length>2||i[0]!==""||i[1]!==""?(this._$AH=Array(i.length-1).fill(new String),this.strings=i):this._$AH=h}_$AI(e,t=this,i,o){let r=this.strings,n=!1;if(r===void 0)e=Z(this,e,t,0),n=!pt(e)||e!==this._$AH&&e!==R,n&&(this._$AH=e);else{let d=e,a,m;for(e=r[0],a=0;a<r.length-1;a++)m=Z(this,d[i+a],t,a),m===R&&(m=this._$AH[a]),n||=!pt(m)||m!==this._$AH[a],m===h?e=h:e!==h&&(e+=(m??"")+r[a+1]),this._$AH[a]=m}n&&!o&&this.j(e)}j(e){e===h?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},Ct=class extends G{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===h?void 0:e}},Et=class extends G{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==h)}},St=class extends G{constructor(e,t,i,o,r){super(e,t,i,o,r),this.type=5}_$AI(e,t=this){if((e=Z(this,e,t,0)??h)===R)return;let i=this._$AH,o=e===h&&i!==h||e.capture!==i.capture||e.once!==i.once||e.passive!==i.passive,r=e!==h&&(i===h||o);o&&this.element.removeEventListener(this.name,this,i),r&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Rt=class{constructor(e,t,i){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=i}get _$AU(){return this._$AM._$AU}_$AI(e){Z(this,e)}},Se={M:Xt,P:N,A:te,C:1,L:Ee,R:At,D:ke,V:Z,I:X,H:G,N:Et,U:St,B:Ct,F:Rt},vi=Jt.litHtmlPolyfillSupport;vi?.(ut,X),(Jt.litHtmlVersions??=[]).push("3.3.3");var Re=(s,e,t)=>{let i=t?.renderBefore??e,o=i._$litPart$;if(o===void 0){let r=t?.renderBefore??null;i._$litPart$=o=new X(e.insertBefore(ht(),r),r,void 0,t??{})}return o._$AI(s),o};var oe=globalThis,k=class extends j{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Re(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return R}};k._$litElement$=!0,k.finalized=!0,oe.litElementHydrateSupport?.({LitElement:k});var bi=oe.litElementPolyfillSupport;bi?.({LitElement:k});(oe.litElementVersions??=[]).push("4.2.2");var $=s=>(e,t)=>{t!==void 0?t.addInitializer(()=>{customElements.define(s,e)}):customElements.define(s,e)};var _i={attribute:!0,type:String,converter:dt,reflect:!1,hasChanged:wt},$i=(s=_i,e,t)=>{let{kind:i,metadata:o}=t,r=globalThis.litPropertyMetadata.get(o);if(r===void 0&&globalThis.litPropertyMetadata.set(o,r=new Map),i==="setter"&&((s=Object.create(s)).wrapped=!0),r.set(t.name,s),i==="accessor"){let{name:n}=t;return{set(d){let a=e.get.call(this);e.set.call(this,d),this.requestUpdate(n,a,s,!0,d)},init(d){return d!==void 0&&this.C(n,void 0,s,d),d}}}if(i==="setter"){let{name:n}=t;return function(d){let a=this[n];e.call(this,d),this.requestUpdate(n,a,s,!0,d)}}throw Error("Unsupported decorator location: "+i)};function u(s){return(e,t)=>typeof t=="object"?$i(s,e,t):((i,o,r)=>{let n=o.hasOwnProperty(r);return o.constructor.createProperty(r,i),n?Object.getOwnPropertyDescriptor(o,r):void 0})(s,e,t)}function A(s){return u({...s,state:!0,attribute:!1})}var Pt={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},Dt=s=>(...e)=>({_$litDirective$:s,values:e}),tt=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,i){this._$Ct=e,this._$AM=t,this._$Ci=i}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}};var{I:xi}=Se,Te=s=>s;var Pe=()=>document.createComment(""),et=(s,e,t)=>{let i=s._$AA.parentNode,o=e===void 0?s._$AB:e._$AA;if(t===void 0){let r=i.insertBefore(Pe(),o),n=i.insertBefore(Pe(),o);t=new xi(r,n,s,s.options)}else{let r=t._$AB.nextSibling,n=t._$AM,d=n!==s;if(d){let a;t._$AQ?.(s),t._$AM=s,t._$AP!==void 0&&(a=s._$AU)!==n._$AU&&t._$AP(a)}if(r!==o||d){let a=t._$AA;for(;a!==r;){let m=Te(a).nextSibling;Te(i).insertBefore(a,o),a=m}}}return t},I=(s,e,t=s)=>(s._$AI(e,t),s),wi={},De=(s,e=wi)=>s._$AH=e,ze=s=>s._$AH,zt=s=>{s._$AR(),s._$AA.remove()};var Me=(s,e,t)=>{let i=new Map;for(let o=e;o<=t;o++)i.set(s[o],o);return i},Mt=Dt(class extends tt{constructor(s){if(super(s),s.type!==Pt.CHILD)throw Error("repeat() can only be used in text expressions")}dt(s,e,t){let i;t===void 0?t=e:e!==void 0&&(i=e);let o=[],r=[],n=0;for(let d of s)o[n]=i?i(d,n):n,r[n]=t(d,n),n++;return{values:r,keys:o}}render(s,e,t){return this.dt(s,e,t).values}update(s,[e,t,i]){let o=ze(s),{values:r,keys:n}=this.dt(e,t,i);if(!Array.isArray(o))return this.ut=n,r;let d=this.ut??=[],a=[],m,b,p=0,g=o.length-1,f=0,w=r.length-1;for(;p<=g&&f<=w;)if(o[p]===null)p++;else if(o[g]===null)g--;else if(d[p]===n[f])a[f]=I(o[p],r[f]),p++,f++;else if(d[g]===n[w])a[w]=I(o[g],r[w]),g--,w--;else if(d[p]===n[w])a[w]=I(o[p],r[w]),et(s,a[w+1],o[p]),p++,w--;else if(d[g]===n[f])a[f]=I(o[g],r[f]),et(s,o[p],o[g]),g--,f++;else if(m===void 0&&(m=Me(n,f,w),b=Me(d,p,g)),m.has(d[p]))if(m.has(d[g])){let L=b.get(n[f]),Zt=L!==void 0?o[L]:null;if(Zt===null){let ce=et(s,o[p]);I(ce,r[f]),a[f]=ce}else a[f]=I(Zt,r[f]),et(s,o[p],Zt),o[L]=null;f++}else zt(o[g]),g--;else zt(o[p]),p++;for(;f<=w;){let L=et(s,a[w+1]);I(L,r[f]),a[f++]=L}for(;p<=g;){let L=o[p++];L!==null&&zt(L)}return this.ut=n,De(s,a),R}});var se={in:"mdi:phone-incoming",out:"mdi:phone-outgoing",redirected:"mdi:phone-forward",missed:"mdi:phone-missed",unknown:"mdi:phone"};function W(s){return s.direction!=="out"&&s.status==="missed"?"missed":s.redirected_to?"redirected":s.direction}function Oe(s){return s.answered_at?"mdi:phone-in-talk":s.direction==="out"?se.out:"mdi:phone-ring"}function M(s,e){return s.name??s.formatted??e.say("withheld")}function Ot({number:s,name:e,formatted:t}){return s?{number:s,name:e,formatted:t??s}:void 0}function Ht({answered_at:s,direction:e}){return!s&&e==="out"?"calling":`call_${e}`}function re(s,e){let t=Date.parse(s.answered_at??s.started_at??"");return Math.max(0,(e-t)/1e3)||0}function He(s){return[...s].sort((e,t)=>+!!e.answered_at-+!!t.answered_at)}var ki={all:()=>!0,missed:s=>W(s)==="missed",incoming:s=>s.direction!=="out",outgoing:s=>s.direction==="out"};function Le(s,e,t){let i=s.filter(n=>n.call_id!==e.call_id||n.call_id===null);if(!ki[t](e))return i;let o=Date.parse(e.started_at),r=i.filter(n=>Date.parse(n.started_at)>o);return[...r,e,...i.slice(r.length)]}function je(s,e){let t={direction:"in",status:"missed",call_id:null,duration:0,ringing_duration:null,price:null,own_formatted:null},i=s.map(o=>({key:o.uid,call:{...t,...o},waiting:o}));return i.length?[{key:"waiting",day:e.say("waiting")},...i]:[]}function Ne(s,e){return W(s)==="missed"&&e.some(({number:t,first_at:i})=>t===s.number&&i<=s.started_at)}function Ue(s,e,t){let i=new Set,o=n=>{for(;i.has(n);)n+="'";return i.add(n),n},r;return s.flatMap(n=>{let d=new Date(n.started_at),a=e.dayKey(d),m={key:o(it(n)),call:n};return a===r?[m]:(r=a,[{key:o(a),day:e.day(d,t)},m])})}function it(s){return`call ${s.call_id??`${s.started_at} ${s.number}`}`}function Lt(s){return s.replace(/^00/,"+")}async function Ie(s){try{return await navigator.clipboard.writeText(s),!0}catch{return Ai(s)}}function Ai(s){let e=document.createElement("textarea");e.value=s,e.style.position="fixed",e.style.opacity="0",document.body.append(e),e.select();let t=document.execCommand("copy");return e.remove(),t}var y="odorik",Y="odorik-calls-card",jt=s=>({show:"all",search:"",contact:s}),mt=s=>`end ${s.active_call_id}`,ne=["balance","missed_calls_today","cost_this_month"],ft=[...ne,"dial","history"];var Ci=30,Nt=class{constructor(e,t){this.r=e;this.et=t;this.calls=[];this.waiting=[];this.isReachable=!0;this.isOnline=!0;this.isWatching=!1;this.skew=0;this.X=!1;this.tt=0;this.bt=new IntersectionObserver(e=>{this.X=e[e.length-1]?.isIntersecting??!1,this.S()});this.S=()=>{let e=this.r.isConnected&&this.X&&!document.hidden&&!!this.d;e!==this.isWatching&&(this.isWatching=e,e?this.Q():this.kt(),this.r.requestUpdate())};this.xt=()=>{this.isOnline=!0,this.et.connectionRegained(),this.isWatching&&this.Q(),this.r.requestUpdate()};this.wt=()=>{this.isOnline=!1,this.E=void 0,this.r.requestUpdate()};e.addController(this)}hostConnected(){this.bt.observe(this.r),document.addEventListener("visibilitychange",this.S),this.d&&this._t(this.d)}hostDisconnected(){this.bt.disconnect(),document.removeEventListener("visibilitychange",this.S),this.X=!1,this.S(),this.d&&this.$t(this.d)}tune(e,t){e!==this.d&&(this.d&&this.$t(this.d),this.d=e,this.r.isConnected&&this._t(e)),t!==this.Y&&(this.Y=t,this.account=void 0,this.calls=this.waiting=[],this.isWatching&&this.Q()),this.S()}_t(e){e.addEventListener("ready",this.xt),e.addEventListener("disconnected",this.wt),this.isOnline=e.connected!==!1}$t(e){e.removeEventListener("ready",this.xt),e.removeEventListener("disconnected",this.wt)}kt(){clearTimeout(this.vt),this.E?.(),this.E=void 0}async Q(){this.kt();let e={type:`${y}/subscribe`,...this.Y&&{config_entry_id:this.Y}},t=!0,i,o=this.E=()=>{t=!1,i?.().catch(()=>{})},r=n=>{t&&this.qt(n)};try{i=await this.d?.subscribeMessage(r,e,{resubscribe:!1}),this.tt=0,t||i?.().catch(()=>{})}catch{if(!t||this.E!==o)return;let n=Math.min(2**this.tt,Ci);this.tt+=1,this.vt=setTimeout(()=>{this.isWatching&&this.isOnline&&this.Q()},n*1e3)}}qt({account:e,calls:t,is_reachable:i,now:o,recorded:r,waiting:n}){if(e){let d=this.account;this.account=e,e.state!=="loaded"&&(this.calls=[]),this.et.accountTold(e,d)}t&&(this.calls=t,this.isReachable=i??!0,this.skew=Date.parse(o??"")-Date.now()||0),n&&(this.waiting=n),r&&this.et.callRecorded(r),this.r.requestUpdate()}};var We={all:"Vše",all_calls:"Zobrazit všechny hovory",any_line:"Obvyklá linka",balance:"Kredit",call:"Zavolat",call_back:"Zavolat zpět: {who}",call_back_last:"Zavolat zpět",call_in:"Příchozí hovor",call_missed:"Zmeškaný hovor",call_out:"Odchozí hovor",call_redirected:"Přesměrovaný hovor",call_unknown:"Hovor",calling:"Vytáčí se",calls_by_week:"Hovory po týdnech",calls_with:"Hovory: {who}",cancel:"Zrušit",card:"Hovory Odorik",config_entry_id:"Účet",copied:"Zkopírováno: {number}",copy_number:"Kopírovat číslo",cost:"Útrata",cost_by_month:"Útrata po měsících",cost_this_month:"Tento měsíc",dashboard:"Odorik",dashboard_description:"Hovory, útrata a linky vašeho účtu.",description:"Kdo volá, kdo volal, zpětné volání jedním klepnutím.",dial:"Číslo nebo kontakt",dial_help:"Zavolejte mi a spojte mě",done:"Vyřízeno: {who}",empty:"Zatím žádné hovory",failed:"To se nepovedlo.",filter:"Zobrazit hovory",forbidden:"Hovory tohoto účtu nemáte oprávnění vidět.",hang_up:"Zavěsit",hang_up_all_really:"Ukončit všechny tyto hovory?",hang_up_call:"Zavěsit: {who}",hang_up_really:"Ukončit tento hovor?",hanging_up:"Zavěšuje se …",hide:"Skrýt",history:"Historie hovorů",history_failed:"Historii hovorů se nepodařilo načíst.",incoming:"Příchozí",incoming_talk_time:"Doba příchozích hovorů",last_days:"Posledních 30 dní",length:"Délka",line:"Linka",lines:"Linky",loading:"Načítá se …",lost:"Není spojení s Home Assistantem. Údaje mohou být zastaralé.",minutes_by_month:"Minuty po měsících",missed:"Zmeškané",missed_calls_today:"Dnes zmeškané",missing:"Není tu žádný účet Odorik.",more:"Zobrazit další",no_years:"Statistiky zatím nejsou. Po přidání účtu se zapisují na pozadí: za pár minut načtěte stránku znovu.",not_answered:"Nepřijato",not_loaded:"Účet {title} právě neběží.",nothing:"Žádné takové hovory",now:"Probíhající hovory",number:"Číslo",older:"Hledat ve starších hovorech",order_unclear:"Spojení se při objednávání přerušilo. Než hovor objednáte znovu, podívejte se, zda už telefon nezvoní.",ordered:"Objednáno. Nejdřív zazvoní {caller}; zvedněte a budete spojeni: {who}.",ordering:"Objednává se hovor …",outgoing:"Odchozí",outgoing_cost:"Útrata za odchozí hovory",outgoing_talk_time:"Doba odchozích hovorů",own_number:"Volané číslo",own_number_out:"Zobrazené číslo",price:"Cena",rang:"Zvonilo",redirected:"Přesměrované",redirected_to:"Přesměrováno na",retry:"Zkusit znovu",ring_first:"Nejdřív zazvoní",ring_first_ask:"Který telefon má zazvonit jako první?",rings_first:"Nejdřív zazvoní: {who}",search:"Hledat jméno nebo číslo",section:"Hovory",sums_this_month:"Tento měsíc",sums_today:"Dnes",talk_time:"Doba hovorů",this_year:"Letos",title:"Nadpis",top_destination:"Nejdražší destinace",unit_calls:"hovorů",unit_cost:"Kč",unreachable:"Odorik neodpovídá. Údaje mohou být zastaralé.",waiting:"Čekají na zavolání",withheld:"Skryté číslo",years:"Roky"};var ae={all:"All",all_calls:"Show all calls",any_line:"Usual line",balance:"Credit",call:"Call",call_back:"Call back: {who}",call_back_last:"Call back",call_in:"Incoming call",call_missed:"Missed call",call_out:"Outgoing call",call_redirected:"Redirected call",call_unknown:"Call",calling:"Calling",calls_by_week:"Calls by week",calls_with:"Calls with {who}",cancel:"Cancel",card:"Odorik calls",config_entry_id:"Account",copied:"{number} is copied",copy_number:"Copy number",cost:"Cost",cost_by_month:"Cost by month",cost_this_month:"This month",dashboard:"Odorik",dashboard_description:"Calls, costs and lines of your account.",description:"Who is calling, who called, and calling back with one tap.",dial:"Number or contact",dial_help:"Call me and connect",done:"Done: {who}",empty:"No calls yet",failed:"That did not work.",filter:"Show calls",forbidden:"You are not allowed to see the calls of this account.",hang_up:"Hang up",hang_up_all_really:"End all these calls?",hang_up_call:"Hang up: {who}",hang_up_really:"End this call?",hanging_up:"Hanging up …",hide:"Hide",history:"Call history",history_failed:"The call history could not be read.",incoming:"Incoming",incoming_talk_time:"Incoming talk time",last_days:"Last 30 days",length:"Length",line:"Line",lines:"Lines",loading:"Loading …",lost:"No connection to Home Assistant. What you see may be old.",minutes_by_month:"Minutes by month",missed:"Missed",missed_calls_today:"Missed today",missing:"There is no Odorik account to show.",more:"Show more",no_years:"There are no statistics yet. They are written in the background after the account is added: reload this page in a few minutes.",not_answered:"Not answered",not_loaded:"The account {title} is not running at the moment.",nothing:"No such calls",now:"Calls now",number:"Number",older:"Search older calls",order_unclear:"The connection broke during the order. Look whether a phone rings before you order again.",ordered:"Ordered. First {caller} rings; pick up, and you are connected with {who}.",ordering:"Ordering the call …",outgoing:"Outgoing",outgoing_cost:"Cost of outgoing calls",outgoing_talk_time:"Outgoing talk time",own_number:"Called number",own_number_out:"Shown number",price:"Price",rang:"Rang for",redirected:"Redirected",redirected_to:"Redirected to",retry:"Try again",ring_first:"Ring first",ring_first_ask:"Which phone is to ring first?",rings_first:"Rings first: {who}",search:"Search name or number",section:"Calls",sums_this_month:"This month",sums_today:"Today",talk_time:"Talk time",this_year:"This year",title:"Title",top_destination:"Most expensive destination",unit_calls:"calls",unit_cost:"CZK",unreachable:"Odorik does not answer. What you see may be old.",waiting:"To call back",withheld:"Withheld number",years:"Years"};var Ri={en:ae,cs:We};function C(s,e,t={}){return(Ri[(s??"").split("-")[0]??""]??ae)[e].replace(/\{(\w+)\}/g,(o,r)=>String(t[r]??""))}var Ti={name:"config_entry_id",selector:{config_entry:{integration:y}}};function Ke(s){let e=ft.map(t=>({value:t,label:C(s,t)}));return{schema:[{name:"title",selector:{text:{}}},Ti,{name:"hide",selector:{select:{multiple:!0,mode:"list",options:e}}}],computeLabel:({name:t})=>C(s,t)}}function ot(s){let[e,t,i]=[s/3600,s/60%60,s%60].map(o=>String(Math.floor(o)));return[...e==="0"?[t]:[e,t?.padStart(2,"0")],i?.padStart(2,"0")].join(":")}var Pi={12:"h12",24:"h23"},Ut=class{constructor(e){this.St=e;let{language:t,time_format:i,time_zone:o}=e.locale,r=o==="server"?{timeZone:e.config.time_zone}:{};this.At=new Intl.DateTimeFormat(i==="system"?void 0:t,{hour:i==="24"?"2-digit":"numeric",minute:"2-digit",hourCycle:Pi[i],...r}),this.Ct=new Intl.DateTimeFormat(t,{weekday:"long",day:"numeric",month:"long",...r}),this.it=new Intl.RelativeTimeFormat(t,{numeric:"auto"}),this.Et=new Intl.DateTimeFormat("en-CA",r)}say(e,t){return C(this.St.locale.language,e,t)}time(e){return this.At.format(e)}money(e){return this.Rt(String(e),{device_class:"monetary",unit_of_measurement:"CZK"})}moment(e){return this.Rt(e,{device_class:"timestamp"})}dayKey(e){return this.Et.format(e)}day(e,t){let i=this.dayKey(e),o=new Date(t);o.setDate(o.getDate()-1);let r=this.Ct.format(e);return i===this.dayKey(t)&&(r=this.it.format(0,"day")),i===this.dayKey(o)&&(r=this.it.format(-1,"day")),r.charAt(0).toLocaleUpperCase()+r.slice(1)}Rt(e,t){return this.St.formatEntityState({entity_id:"sensor._odorik",state:e,attributes:t})}};var le=50,It=class{constructor(e,t,i){this.r=e;this.rt=t;this.at=i;this.filter={show:"all",search:""};this.rows=[];this.before=null;this.isReading=!1;this.g=le;this.ot=0}show(e){this.filter=e,this.read()}forget(){this.z=void 0}clear(){this.forget(),this.rows=[],this.before=null}catchUp(e){e!==void 0&&e===this.z||(this.z=e,this.read())}add(e){this.z=e.call_id??this.z,this.filter.search||this.filter.contact?this.read():this.rows=this.Vt(Le(this.rows,e,this.filter.show))}Vt(e){let t=e[this.g-1];if(!t||this.isReading)return e;let i=Date.parse(t.started_at),o=e.filter(({started_at:r},n)=>n<this.g||Date.parse(r)===i);return o.length<e.length&&(this.before=t.started_at),o}async read(e=!1){let{show:t,search:i,contact:o}=this.filter,r=o?.number??i,n=this.rt({show:t,limit:le,...r&&{search:r},...e&&this.before&&{before:this.before}});if(!n)return;let d=this.ot+=1;this.isReading=!0,this.trouble=void 0,this.r.requestUpdate();try{let a=await n;if(d!==this.ot)return;this.rows=e?[...this.rows,...a.calls]:a.calls,this.before=a.before,this.g=Math.max(le,this.rows.length)}catch(a){let m=await this.at(a);if(d!==this.ot)return;this.trouble={text:m,isMore:e}}this.isReading=!1,this.r.requestUpdate()}};function Q(s,e,t){s.dispatchEvent(new CustomEvent(e,{bubbles:!0,composed:!0,detail:t}))}async function gt(s,e,t){let i=e??{},o=i.error??i,{translation_domain:r,translation_key:n}=o;if(r&&n){let a=(await s.loadBackendTranslation("exceptions",r))(`component.${r}.exceptions.${n}.message`,o.translation_placeholders);if(a)return a}return typeof o.message=="string"&&o.code!==3?o.message:t}var st={text:""};function Wt(s){return s.normalize("NFD").replace(new RegExp("\\p{Diacritic}","gu"),"").toLowerCase().trim()}function T(s){return s.name??s.formatted}function Fe(s,{text:e,picked:t}){if(t)return[];let i=Wt(e),o=i.replace(/[\s+]/g,"").replace(/^00/,""),r=/^[\d*]+$/.test(o);return s.filter(({name:n,number:d})=>Wt(n??"").includes(i)||r&&d.includes(o)).slice(0,6)}function de(s,{text:e,picked:t}){if(t)return t;let i=e.trim();if(!i)return;let o=s.filter(({name:r})=>Wt(r??"")===Wt(i));return(o.length===1?o[0]:void 0)??{number:i,name:null,formatted:i}}var Di=3e3,Kt=class{constructor(e){this.r=e;this.outcomes=new Map}async order(e,t,{place:i,recipient:o,who:r,caller:n,line:d}){if(this.outcomes.get(i)?.isHeld)return;let{language:a}=e.locale;this.e(i,{state:"pending",text:C(a,"ordering"),isHeld:!0});let m;try{await qe(e,t,"callback",{recipient:o,caller:n?.number,line:d});let b=n?T(n):t.caller?.name??t.caller?.number;this.lastCaller=n??this.lastCaller,m={state:"done",text:C(a,"ordered",{caller:b,who:r})}}catch(b){m={state:"failed",text:await gt(e,b,C(a,"order_unclear"))}}this.e(i,{...m,isHeld:!0}),setTimeout(()=>{this.e(i,m)},Di)}async hangUp(e,t,i){let{language:o}=e.locale,r=mt(i);this.e(r,{state:"pending",text:C(o,"hanging_up")});try{await qe(e,t,"hangup",{active_call_id:i.active_call_id})}catch(n){this.e(r,{state:"failed",text:await gt(e,n,C(o,"failed"))})}}tick(e,{inbox:t},i){let o=e.states[t??""]?.state;return!t||!o||o==="unavailable"?!1:(e.callService("todo","update_item",{item:i,status:"completed"},{entity_id:t},!0,!1).catch(()=>{}),!0)}e(e,t){this.outcomes=new Map(this.outcomes).set(e,t),this.r.requestUpdate()}};function qe(s,{config_entry_id:e},t,i){return s.callService(y,t,{config_entry_id:e,...i},void 0,!1,!0)}function Ve(s){return s<420?"small narrow":s<560?"small":s>=700?"wide":""}var Be=_`
  :host {
    --ink: var(--primary-text-color);
    --faint: var(--secondary-text-color);
    --label: var(--secondary-text-color);
    --call: #2a6a2d;
    --end: #b3372b;
    --bell: #01579b;
    --accent: var(--primary-text-color);
    --alarm: var(--error-color);
    --soft: rgba(127, 127, 127, 0.1);
    --tint: rgba(var(--rgb-primary-color), 0.14);
    --pressed: rgba(var(--rgb-primary-color), 0.18);
    --call-tint: rgba(67, 160, 71, 0.12);
    --alarm-tint: rgba(219, 68, 55, 0.14);
    height: 100%;
    min-width: 0;
  }
  /* A variable has no second value to fall back on, so all mixed colours are defined here. */
  @supports (color: color-mix(in srgb, red, red)) {
    :host {
      --label: color-mix(in srgb, var(--faint) 70%, var(--ink));
      --call: color-mix(in srgb, var(--success-color) 62%, black);
      --end: color-mix(in srgb, var(--error-color) 82%, black);
      --bell: color-mix(in srgb, var(--primary-color) 65%, black);
      --accent: color-mix(in srgb, var(--primary-color) 60%, var(--ink));
      --alarm: color-mix(in srgb, var(--error-color) 72%, var(--ink));
      --soft: color-mix(in srgb, var(--ink) 6%, transparent);
      --tint: color-mix(in srgb, var(--primary-color) 14%, transparent);
      --pressed: color-mix(in srgb, var(--primary-color) 18%, var(--card-background-color));
      --call-tint: color-mix(in srgb, var(--success-color) 12%, transparent);
      --alarm-tint: color-mix(in srgb, var(--error-color) 14%, transparent);
    }
  }
  ha-card {
    display: flex;
    flex-direction: column;
    gap: 12px;
    box-sizing: border-box;
    height: 100%;
    padding: 16px;
    overflow: auto;
    color: var(--ink);
    font-size: var(--ha-font-size-m, 14px);
    line-height: 1.4;
  }
  h2 {
    margin: 0;
    font-size: 20px;
    font-weight: 400;
    line-height: 1.2;
  }
  .now li {
    padding: 12px;
    border-radius: 12px;
    background: var(--call-tint);
  }
  .now li + li {
    margin-top: 8px;
  }
  .now .ringing {
    background: var(--tint);
  }
  .narrow {
    padding: 12px;
  }
  .wide .ringing {
    padding: 24px;
    border-radius: 20px;
  }
`;var U=Dt(class extends tt{constructor(s){if(super(s),s.type!==Pt.ATTRIBUTE||s.name!=="class"||s.strings?.length>2)throw Error("`classMap()` can only be used in the `class` attribute and must be the only part in the attribute.")}render(s){return" "+Object.keys(s).filter(e=>s[e]).join(" ")+" "}update(s,[e]){if(this.st===void 0){this.st=new Set,s.strings!==void 0&&(this.nt=new Set(s.strings.join(" ").split(/\s/).filter(i=>i!=="")));for(let i in e)e[i]&&!this.nt?.has(i)&&this.st.add(i);return this.render(e)}let t=s.element.classList;for(let i of this.st)i in e||(t.remove(i),this.st.delete(i));for(let i in e){let o=!!e[i];o===this.st.has(i)||this.nt?.has(i)||(o?(t.add(i),this.st.add(i)):(t.remove(i),this.st.delete(i)))}return R}});function E(s,e,t){s.dispatchEvent(new CustomEvent(e,{bubbles:!0,composed:!0,detail:t}))}var Ze=_`
  .choices {
    margin-top: 8px;
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(150px, 1fr));
    gap: 8px;
  }
  .choices span {
    padding: 0 4px;
    font-size: 12px;
    color: var(--faint);
  }
  .ask {
    padding: 4px 0;
  }
`;var K=_`
  :host {
    display: block;
  }
  [hidden] {
    display: none !important;
  }
  ha-icon {
    --mdc-icon-size: 22px;
    flex: none;
  }
  button,
  input,
  select {
    box-sizing: border-box;
    min-width: 0;
    min-height: 40px;
    padding: 0 14px;
    border: 0;
    border-radius: 20px;
    font: inherit;
    color: inherit;
    background-color: var(--soft);
  }
  button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 6px;
    cursor: pointer;
    font-weight: 500;
    white-space: nowrap;
  }
  button:hover {
    background-image: linear-gradient(var(--soft) 0 0);
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  .call,
  .end {
    color: white;
    background-color: var(--call);
  }
  .end {
    background-color: var(--end);
  }
  .round {
    flex: none;
    width: 40px;
    padding: 0;
    color: var(--accent);
  }
  :focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  input,
  select {
    width: 100%;
    border-radius: 12px;
  }
  option {
    color: var(--ink);
    background: var(--card-background-color);
  }
  input::placeholder {
    color: var(--faint);
    opacity: 1;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
  }
  .cut {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .muted {
    color: var(--faint);
  }
  .row {
    display: flex;
    align-items: center;
    gap: 12px;
  }
  .who,
  .field {
    flex: 1;
    min-width: 0;
  }
  .field {
    position: relative;
  }
  .field > ha-icon {
    position: absolute;
    inset-inline-start: 10px;
    top: 9px;
    color: var(--faint);
    pointer-events: none;
  }
  .field > ha-icon + input {
    padding-inline-start: 42px;
  }
  .name {
    font-weight: 500;
  }
  .meta {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .said:not(:empty) {
    padding: 8px 4px 0;
    overflow-wrap: anywhere;
  }
  .bad {
    color: var(--alarm);
  }
  .disc {
    display: grid;
    place-items: center;
    flex: none;
    width: 40px;
    height: 40px;
    border-radius: 50%;
    color: var(--accent);
    background: var(--tint);
  }
  @media (prefers-reduced-motion: reduce) {
    * {
      animation: none !important;
    }
  }
`;var x=class extends k{constructor(){super(...arguments);this.size=""}e(t,i){return this.formats.say(t,i)}async c(t){await this.updateComplete,this.renderRoot.querySelector(t)?.focus()}};x.styles=[K],l([u({attribute:!1})],x.prototype,"formats",2),l([u({reflect:!0})],x.prototype,"size",2);var v=s=>c`<ha-icon icon=${s} aria-hidden="true"></ha-icon>`;var Ge=_`
  :host {
    flex: 1;
    min-width: 0;
  }
  .options {
    position: absolute;
    z-index: 3;
    inset-inline: 0;
    top: 44px;
    padding: 4px;
    border-radius: 12px;
    border: 1px solid var(--divider-color);
    background: var(--card-background-color);
    box-shadow: 0 4px 16px #0004;
  }
  li {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0 12px;
    padding: 9px 10px;
    border-radius: 8px;
    cursor: pointer;
  }
  li:is([aria-selected="true"], :hover) {
    background: var(--soft);
  }
`;var P=class extends x{constructor(){super(...arguments);this.label="";this.isMain=!1;this.contacts=[];this.choice=st;this.m=!1;this.y=-1}focus(){this.c("input")}get Tt(){return this.m?Fe(this.contacts,this.choice):[]}Pt(t,i){this.m=i,this.y=-1,this.choice=t,this.dispatchEvent(new CustomEvent("odorik-choice",{detail:t}))}Dt(t){this.Pt({text:T(t),picked:t},!1)}W(t){this.Pt({text:t.target.value},!0)}Bt(){this.m=!0}zt(){this.m=!1,this.y=-1}lt(t){let{Tt:i}=this,o=i.length,r=i[this.y];if(t.key==="Enter")r?this.Dt(r):this.dispatchEvent(new Event("odorik-enter"));else if(t.key==="Escape"&&o)this.zt();else if(t.key==="ArrowDown"&&o)this.y=(this.y+1)%o;else if(t.key==="ArrowUp"&&o)this.y=(Math.max(this.y,0)+o-1)%o;else return;t.preventDefault(),t.stopPropagation()}render(){let{Tt:t,y:i}=this;return c`<div class="field">
      ${this.isMain?v("mdi:dialpad"):h}
      <input
        type="text"
        inputmode=${this.isMain?"text":"tel"}
        autocomplete="off"
        spellcheck="false"
        enterkeyhint="go"
        placeholder=${this.isMain?this.label:h}
        role="combobox"
        aria-label=${this.label}
        aria-autocomplete="list"
        aria-expanded=${String(t.length>0)}
        aria-controls="options"
        aria-activedescendant=${i>=0?`option-${i}`:h}
        .value=${this.choice.text}
        @input=${this.W}
        @focus=${this.Bt}
        @blur=${this.zt}
        @keydown=${this.lt}
      />
      <ul
        id="options"
        class="options"
        role="listbox"
        aria-label=${this.label}
        ?hidden=${!t.length}
      >
        ${t.map((o,r)=>this.Zt(o,r))}
      </ul>
    </div>`}Zt(t,i){return c`<li
      id=${`option-${i}`}
      role="option"
      aria-selected=${String(i===this.y)}
      @pointerdown=${o=>{o.preventDefault()}}
      @click=${()=>{this.Dt(t)}}
    >
      <bdi class="cut">${T(t)}</bdi>
      ${t.name?c`<bdi class="muted">${t.formatted}</bdi>`:h}
    </li>`}};P.styles=[...x.styles,Ge],l([u({attribute:!1})],P.prototype,"label",2),l([u({attribute:!1})],P.prototype,"isMain",2),l([u({attribute:!1})],P.prototype,"contacts",2),l([u({attribute:!1})],P.prototype,"choice",2),l([A()],P.prototype,"m",2),l([A()],P.prototype,"y",2),P=l([$("odorik-number-field")],P);var D=class extends x{constructor(){super(...arguments);this.place="dial";this.K=st}willUpdate(t){let{place:i}=this,o=this.desk.outcomes.get(i);!t.has("desk")||o?.state===t.get("desk")?.outcomes.get(i)?.state||(this.q=o,o?.state==="done"&&(this.K=st))}focus(){this.c("odorik-number-field")}get Ot(){let{isOnline:t,outcomes:i}=this.desk;return!t||(i.get(this.place)?.isHeld??!1)}get Ht(){let{lastCaller:t}=this.desk;return this.Mt??(t?{text:T(t),picked:t}:st)}get Lt(){let{lines:t,contacts:i}=this.desk.account;return[...t.map(({line:o,name:r})=>({number:String(o),name:r,formatted:String(o)})),...i]}W({detail:t}){this.K=t,t.text.trim()&&(this.q=void 0)}Gt({detail:t}){this.Mt=t}ct(t){t.preventDefault();let i=this.recipient??de(this.desk.account.contacts,this.K);if(!i||this.Ot)return;let o=this.desk.account.caller?void 0:de(this.Lt,this.Ht);if(!this.desk.account.caller&&!o){this.q={state:"done",text:this.e("ring_first_ask")},this.c(".first");return}let r=this.renderRoot.querySelector("select")?.value;E(this,"odorik-order",{place:this.place,recipient:i.number,who:T(i),caller:o,line:r?Number(r):void 0})}render(){let{recipient:t}=this,{caller:i}=this.desk.account,o=this.K.text.trim()!=="",r=t?this.e("call_back",{who:T(t)}):this.e("dial_help");return c`<form aria-label=${r} @submit=${this.ct}>
      ${t?c`<div class="ask">${this.e("ring_first_ask")}</div>`:h}
      <div class="row">
        ${t?this.jt():this.Yt()}
        <button
          class="call"
          type="submit"
          title=${this.e("dial_help")}
          ?disabled=${this.Ot}
        >
          ${v("mdi:phone")}<span>${this.e("call")}</span>
        </button>
      </div>
      ${t?h:this.Qt(o)}
      ${i&&o?c`<div class="said muted">
              ${this.e("rings_first",{who:i.name??i.number})}
            </div>`:h}
      <div
        class=${U({said:!0,bad:this.q?.state==="failed"})}
        role="status"
        .textContent=${this.q?.text??""}
      ></div>
    </form>`}Yt(){return c`<odorik-number-field
      .label=${this.e("dial")}
      .isMain=${!0}
      .contacts=${this.desk.account.contacts}
      .choice=${this.K}
      @odorik-choice=${this.W}
      @odorik-enter=${this.ct}
    ></odorik-number-field>`}jt(){return c`<odorik-number-field
      class="first"
      .label=${this.e("ring_first")}
      .contacts=${this.Lt}
      .choice=${this.Ht}
      @odorik-choice=${this.Gt}
      @odorik-enter=${this.ct}
    ></odorik-number-field>`}Qt(t){let{caller:i,lines:o}=this.desk.account;return c`<div class="choices" ?hidden=${!t}>
      ${i?h:c`<div><span aria-hidden="true">${this.e("ring_first")}</span>${this.jt()}</div>`}
      ${o.length>1?c`<label>
              <span>${this.e("line")}</span>
              <select>
                <option value="">${this.e("any_line")}</option>
                ${o.map(({line:r,name:n})=>c`<option value=${r}>${n??r}</option>`)}
              </select>
            </label>`:h}
    </div>`}};D.styles=[...x.styles,Ze],l([u({attribute:!1})],D.prototype,"desk",2),l([u({attribute:!1})],D.prototype,"place",2),l([u({attribute:!1})],D.prototype,"recipient",2),l([A()],D.prototype,"K",2),l([A()],D.prototype,"Mt",2),l([A()],D.prototype,"q",2),D=l([$("odorik-dial")],D);var Ye=_`
  .figures {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .figure {
    /* As wide as the others where that is enough for the figure; else as wide as it needs. */
    flex: 1 1 0;
    min-width: auto;
    max-width: 100%;
    min-height: 52px;
    padding: 6px 10px;
    gap: 10px;
    justify-content: flex-start;
    border-radius: 12px;
    text-align: start;
    font-variant-numeric: tabular-nums;
  }
  ha-icon {
    color: var(--accent);
  }
  .alert ha-icon,
  .alert .value {
    color: var(--alarm);
  }
  .figure > span {
    min-width: 0;
  }
  .label,
  .value {
    display: block;
  }
  .label {
    font-size: 12px;
    font-weight: 400;
    color: var(--label);
  }
  .value {
    font-size: 16px;
    line-height: 1.25;
  }
  :host([size~="small"]) ha-icon {
    display: none;
  }
  :host([size~="small"]) .figure {
    padding: 6px 8px;
  }
  :host([size~="narrow"]) .figures {
    gap: 6px;
  }
  :host([size~="narrow"]) .figure {
    padding: 6px;
  }
  :host([size~="narrow"]) .value {
    font-size: 15px;
  }
`;var zi={balance:"mdi:wallet-outline",missed_calls_today:"mdi:phone-missed",cost_this_month:"mdi:cash-multiple"};function Qe(s,e,t,i){let o=s==="missed_calls_today"&&Number(e.state)>0;return{icon:zi[s],label:t,value:i,isAlert:o,entityId:e.entity_id}}var J=class extends k{constructor(){super(...arguments);this.figures=[];this.size=""}render(){return c`<div class="figures" ?hidden=${!this.figures.length}>
      ${this.figures.map(({entityId:t,isAlert:i,label:o,value:r,...n})=>c`<button
            class=${U({figure:!0,alert:i})}
            @click=${()=>{Q(this,"hass-more-info",{entityId:t})}}
          >
            ${v(n.icon)}
            <span
              ><span class="label cut">${o}</span><span class="value cut">${r}</span></span
            >
          </button>`)}
    </div>`}};J.styles=[K,Ye],l([u({attribute:!1})],J.prototype,"figures",2),l([u({reflect:!0})],J.prototype,"size",2),J=l([$("odorik-figures")],J);var Je=_`
  :host {
    display: flex;
    flex: 1 1 auto;
    flex-direction: column;
    gap: 8px;
    min-height: 220px;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
  }
  .filters {
    display: flex;
    flex: 1 1 auto;
    border-radius: 20px;
    background: var(--soft);
  }
  .filters button {
    flex: 1 1 auto;
    padding: 0 8px;
    background-color: transparent;
    font-weight: 400;
  }
  .filters [aria-pressed="true"] {
    background-color: var(--pressed);
    color: var(--accent);
    font-weight: 500;
  }
  .filters b {
    padding: 0 6px;
    border-radius: 10px;
    color: var(--card-background-color);
    background: var(--alarm);
  }
  .field {
    flex: 1 1 240px;
  }
  .contact {
    flex: 1 1 240px;
    min-width: 0;
    padding-inline-start: 10px;
    border-radius: 20px;
    color: var(--accent);
    background: var(--tint);
  }
  .scroll {
    flex: 1 1 auto;
    min-height: 0;
    overflow-y: auto;
    margin-inline: -8px;
    padding-inline: 8px;
    scroll-padding-top: 36px;
  }
  :host(:not([filled])) .scroll {
    max-height: 480px;
  }
  .day {
    position: sticky;
    top: 0;
    z-index: 1;
    padding: 10px 4px 4px;
    font-size: 12px;
    font-weight: 500;
    color: var(--faint);
    /* Opaque also where a theme's cards let the background through. */
    background:
      linear-gradient(var(--ha-card-background, var(--card-background-color)) 0 0),
      var(--primary-background-color);
  }
  /* What is out of sight need not be laid out; what is typed into may have to reach over its edges. */
  odorik-history-row:not(:focus-within) {
    content-visibility: auto;
    contain-intrinsic-size: 1px 56px;
    contain-intrinsic-height: auto 56px;
  }
  .foot {
    display: flex;
    flex-direction: column;
    align-items: center;
    gap: 8px;
    padding: 8px 0;
    text-align: center;
  }
  .blank {
    padding: 24px 0;
    color: var(--faint);
  }
  .blank ha-icon {
    --mdc-icon-size: 40px;
    display: block;
    margin-bottom: 8px;
  }
  :host([size~="narrow"]) .filters button {
    padding: 0 6px;
    font-size: 13px;
  }
`;var Xe=_`
  .entry {
    display: flex;
    align-items: center;
    gap: 4px;
  }
  .main {
    flex: 1;
    min-height: 56px;
    padding: 6px 4px;
    gap: 12px;
    border-radius: 12px;
    background: none;
    font-weight: 400;
    text-align: start;
  }
  .sub {
    font-size: 13px;
    color: var(--faint);
  }
  .due .disc {
    color: var(--alarm);
    background: var(--alarm-tint);
  }
  .due .name {
    color: var(--alarm);
  }
  .unanswered .disc {
    color: var(--faint);
    background: var(--soft);
  }
  .more {
    padding: 4px 4px 12px;
    padding-inline-start: 56px;
  }
  dl {
    display: grid;
    grid-template-columns: max-content 1fr;
    gap: 4px 16px;
    margin: 0;
  }
  dt {
    color: var(--faint);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
  }
  .deeds {
    display: flex;
    flex-wrap: wrap;
    gap: 8px;
    padding-top: 10px;
  }
  .deeds button {
    max-width: 100%;
    font-weight: 400;
  }
  :host([size~="narrow"]) .more {
    padding-inline-start: 4px;
  }
  :host([size~="narrow"]) .extra {
    display: none;
  }
`;var z=class extends x{constructor(){super(...arguments);this.isDue=!1;this.m=!1;this.v=!1}get n(){return this.desk.outcomes.get(it(this.call))}willUpdate(t){!t.has("desk")||!this.v||this.n?.state!=="done"||t.get("desk")?.outcomes.get(it(this.call))?.state!=="done"&&(this.v=!1,this.c(".back"))}Jt(){this.m=!this.m}Xt(){let{account:t,isOnline:i}=this.desk,{number:o}=this.call;t.caller?o&&i&&!this.n?.isHeld&&E(this,"odorik-order",{place:it(this.call),recipient:o,who:M(this.call,this.formats)}):(this.v=!this.v,this.v&&this.c("odorik-dial"))}render(){let{call:t,desk:i}=this,o=W(t),r=Ot(t),n=this.v?void 0:this.n,d=o!=="missed"&&t.status!=="answered";return c`<div
        class=${U({entry:!0,missed:o==="missed",due:this.isDue,unanswered:d})}
      >
        ${this.te()}
        ${this.waiting&&i.account.inbox?this.ee(this.waiting):h}
        ${r&&i.account.may_control?this.ie():h}
      </div>
      ${this.m||this.v||n?this.oe(r,n):h}`}oe(t,i){let{call:o,desk:r,formats:n}=this;return c`<div class="more">
      ${this.m?this.se(t):h}
      ${this.v?c`<odorik-dial
              .formats=${n}
              .desk=${r}
              .place=${it(o)}
              .recipient=${t}
            ></odorik-dial>`:h}
      <div
        class=${U({said:!0,bad:i?.state==="failed"})}
        role="status"
        .textContent=${i?.text??""}
      ></div>
    </div>`}te(){let{call:t,formats:i}=this,o=W(t),[r,n]=[new Date(t.started_at),new Date],a=[this.waiting&&i.dayKey(r)!==i.dayKey(n)?i.day(r,n):"",i.time(r),t.line_name??t.line].filter(Boolean);return c`<button class="main" aria-expanded=${String(this.m)} @click=${this.Jt}>
      <span class="disc">${v(se[o])}</span>
      <span class="who">
        <span class="sr">${this.e(`call_${o}`)}: </span>
        <div class="name cut">
          <bdi>${M(t,i)}</bdi
          >${(this.waiting?.count??1)>1?` (${this.waiting?.count}×)`:""}
        </div>
        <div class="sub cut">
          <bdi
            >${a.join(" · ")}${t.name?c`<span class="extra"> · ${t.formatted}</span>`:h}</bdi
          >
        </div>
      </span>
      <span class="meta">
        <div>${t.status==="answered"?ot(t.duration??0):""}</div>
        <div class="sub">${t.price?i.money(t.price):""}</div>
      </span>
    </button>`}ee({uid:t}){let i=this.e("done",{who:M(this.call,this.formats)});return c`<button
      class="round tick"
      aria-label=${i}
      title=${i}
      @click=${()=>{E(this,"odorik-tick",t)}}
    >
      ${v("mdi:check")}
    </button>`}ie(){let{account:t,isOnline:i}=this.desk,o=this.e("call_back",{who:M(this.call,this.formats)}),r=!i||t.caller&&this.n?.isHeld;return c`<button
      class="round back"
      aria-label=${o}
      title=${o}
      ?disabled=${r}
      @click=${this.Xt}
    >
      ${v("mdi:phone")}
    </button>`}re(){let{call:t,formats:i}=this,o=W(t),r=t.status==="missed"&&o!=="missed"?` · ${this.e("not_answered")}`:"";return[[`call_${o}`,i.moment(t.started_at)+r],["number",t.formatted??this.e("withheld")],[t.direction==="out"?"own_number_out":"own_number",t.own_formatted],["line",[t.line_name,t.line].filter(Boolean).join(" · ")],["redirected_to",t.redirected_to],["rang",t.ringing_duration===null?"":ot(t.ringing_duration)],["length",t.status==="answered"?ot(t.duration??0):""],["price",t.price===null?"":i.money(t.price)]]}se(t){return c`<dl>
        ${this.re().map(([i,o])=>o?c`<dt>${this.e(i)}</dt>
                <dd><bdi>${o}</bdi></dd>`:h)}
      </dl>
      ${t?this.ne(t):h}`}ne(t){let{formats:i}=this;return c`<div class="deeds">
      <button
        @click=${()=>{E(this,"odorik-filter",jt(t))}}
      >
        ${v("mdi:history")}<span class="cut"
          >${this.e("calls_with",{who:M(t,i)})}</span
        >
      </button>
      <button
        @click=${()=>{E(this,"odorik-copy",Lt(t.number))}}
      >
        ${v("mdi:content-copy")}<span>${this.e("copy_number")}</span>
      </button>
    </div>`}};z.styles=[...x.styles,Xe],l([u({attribute:!1})],z.prototype,"call",2),l([u({attribute:!1})],z.prototype,"waiting",2),l([u({attribute:!1})],z.prototype,"isDue",2),l([u({attribute:!1})],z.prototype,"desk",2),l([A()],z.prototype,"m",2),l([A()],z.prototype,"v",2),z=l([$("odorik-history-row")],z);var Mi=["all","missed","incoming","outgoing"],Oi=["rows","formats","today","waiting","filter"],Hi=400,S=class extends x{constructor(){super(...arguments);this.rows=[];this.waiting=[];this.hasMore=!1;this.isReading=!1;this.today="";this.ht=[];this.pt=!1}willUpdate(t){if(Oi.some(i=>t.has(i))){let{show:i,search:o,contact:r}=this.filter,n=i==="missed"&&!o&&!r?je(this.waiting,this.formats):[];this.ht=[...n,...Ue(this.rows,this.formats,new Date)]}}updated(t){t.has("waiting")&&this.pt&&(this.pt=!1,this.c("[aria-pressed=true]"));let i=t.get("filter");i&&(this.renderRoot.querySelector(".scroll")?.scrollTo(0,0),this.filter.contact&&!i.contact&&this.c(".contact button"),i.contact&&!this.filter.contact&&this.c("input"))}W(t){let i=t.target.value.trim();clearTimeout(this.Nt),this.Nt=setTimeout(()=>{i!==this.filter.search&&E(this,"odorik-filter",{...this.filter,search:i})},Hi)}render(){let{contact:t}=this.filter;return c`<div class="tools">
        <div class="filters" role="group" aria-label=${this.e("filter")}>
          ${Mi.map(i=>this.ae(i))}
        </div>
        ${t?this.le(t):this.de()}
      </div>
      <div class="scroll">
        <ul
          aria-label=${this.e("history")}
          @odorik-tick=${()=>{this.pt=!0}}
        >
          ${Mt(this.ht,({key:i})=>i,i=>i.call?this.ce(i.call,i.waiting):c`<li class="day">${i.day}</li>`)}
        </ul>
        <div class="foot" role="status">${this.he()}</div>
      </div>`}ae(t){let i=()=>{E(this,"odorik-filter",{...this.filter,show:t})},o=t==="missed"?this.waiting.length:0,r=o?`${this.e("waiting")}: ${o}`:"";return c`<button
      aria-pressed=${String(t===this.filter.show)}
      title=${r}
      @click=${i}
    >
      ${this.e(t)}${o?c`<b aria-hidden="true">${o}</b>`:h}
    </button>`}de(){let t=this.e("search");return c`<div class="field">
      ${v("mdi:magnify")}
      <input
        type="search"
        placeholder=${t}
        aria-label=${t}
        value=${this.filter.search}
        @input=${this.W}
      />
    </div>`}le(t){let i=this.e("all_calls"),o=()=>{E(this,"odorik-filter",{show:this.filter.show,search:""})};return c`<div class="contact row">
      ${v("mdi:account")}
      <bdi class="who cut"
        >${T(t)}${t.name?c`<span class="muted"> · ${t.formatted}</span>`:h}</bdi
      >
      <button class="round" aria-label=${i} title=${i} @click=${o}>
        ${v("mdi:close")}
      </button>
    </div>`}ce(t,i){return c`<li class=${W(t)==="missed"?"missed":""}>
      <odorik-history-row
        .formats=${this.formats}
        .size=${this.size}
        .call=${t}
        .waiting=${i}
        .isDue=${Ne(t,this.waiting)}
        .desk=${this.desk}
      ></odorik-history-row>
    </li>`}he(){let{filter:t,trouble:i}=this;if(this.isReading)return c`<span class="muted">${this.e("loading")}</span>`;if(i)return c`<span class="said bad">${i.text}</span
        >${this.Ut(this.e("retry"),i.isMore)}`;let o=t.show==="all"&&!t.search&&!t.contact,r=this.e(t.search||t.contact?"older":"more");return c`${this.ht.length?h:c`<div class="blank">
            ${v("mdi:phone-log")}${this.e(o?"empty":"nothing")}
          </div>`}
    ${this.hasMore?this.Ut(r,!0):h}`}Ut(t,i){return c`<button @click=${()=>{E(this,"odorik-read",{isMore:i})}}>${t}</button>`}};S.styles=[...x.styles,Je],l([u({attribute:!1})],S.prototype,"filter",2),l([u({attribute:!1})],S.prototype,"rows",2),l([u({attribute:!1})],S.prototype,"waiting",2),l([u({attribute:!1})],S.prototype,"hasMore",2),l([u({attribute:!1})],S.prototype,"isReading",2),l([u({attribute:!1})],S.prototype,"trouble",2),l([u({attribute:!1})],S.prototype,"today",2),l([u({attribute:!1})],S.prototype,"desk",2),S=l([$("odorik-history")],S);var ti=_`
  .name {
    display: block;
    max-width: 100%;
    font-size: 16px;
  }
  button.name {
    min-height: 28px;
    padding: 0;
    border-radius: 6px;
    background: none;
    line-height: 1.4;
  }
  button.name:hover {
    text-decoration: underline;
  }
  .sub {
    color: var(--label);
  }
  .clock {
    font-size: 16px;
    font-weight: 500;
  }
  .sure {
    display: flex;
    align-items: center;
    flex-wrap: wrap;
    justify-content: flex-end;
    padding-top: 10px;
    gap: 8px;
  }
  .sure > span {
    flex: 1;
  }
  .disc {
    color: white;
    background: var(--call);
  }
  .ringing .disc {
    background: var(--bell);
    animation: ring 1.6s infinite;
  }
  .ringing .name {
    font-size: 20px;
  }
  @keyframes ring {
    0%,
    60%,
    to {
      transform: rotate(0deg);
    }
    10%,
    30%,
    50% {
      transform: rotate(-11deg);
    }
    20%,
    40% {
      transform: rotate(11deg);
    }
  }
  :host([size~="small"]) .row {
    gap: 8px;
  }
  :host([size~="small"]) .row > .end {
    width: 44px;
    height: 44px;
    padding: 0;
    border-radius: 50%;
  }
  :host([size~="small"]) .row > .end > span {
    display: none;
  }
  /* On a wall a ringing call is read from across the room, and hit with the first tap. */
  :host([size~="wide"]) .ringing,
  :host([size~="wide"]) .ringing + .sure {
    gap: 24px;
    font-size: 22px;
  }
  :host([size~="wide"]) .ringing ha-icon {
    --mdc-icon-size: 44px;
  }
  :host([size~="wide"]) .ringing .disc {
    width: 88px;
    height: 88px;
  }
  :host([size~="wide"]) .ringing .name {
    font-size: clamp(32px, calc(var(--card-width) * 0.05), 60px);
    line-height: 1.15;
  }
  :host([size~="wide"]) .ringing .clock {
    font-size: 32px;
  }
  :host([size~="wide"]) .ringing .end,
  :host([size~="wide"]) .ringing + .sure button {
    min-height: 80px;
    padding: 0 32px;
    border-radius: 40px;
    font-size: 24px;
    gap: 12px;
  }
`;var O=class extends x{constructor(){super(...arguments);this.now=0;this.hasHistory=!1;this.w=!1}willUpdate(t){!t.has("desk")||!this.w||this.n?.state!=="failed"||t.get("desk")?.outcomes.get(mt(this.call))!==this.n&&this.mt()}get n(){return this.desk.outcomes.get(mt(this.call))}pe(){this.w=!0,this.c(".sure .end")}mt(){this.w=!1,this.c(".row .end")}lt(t){t.key==="Escape"&&this.n?.state!=="pending"&&this.mt()}render(){let{call:t}=this,i=!t.answered_at,o=M(t,this.formats),r=t.line_name??t.line;return c`<div class=${U({row:!0,ringing:i})}>
        <div class="disc">${v(Oe(t))}</div>
        <div class="who">
          ${this.ue(o)}
          <div class="sub">${[this.e(Ht(t)),r].filter(Boolean).join(" · ")}</div>
          <div class="sub cut"><bdi>${t.name?t.formatted:""}</bdi></div>
        </div>
        <div class="meta">
          <div class="clock" role="timer">${ot(re(t,this.now))}</div>
          <div class="sub">${this.me}</div>
        </div>
        ${this.desk.account.may_control&&!this.w?this.fe(o):h}
      </div>
      ${this.w?this.ge():h}
      <div
        class="said bad"
        role="status"
        .textContent=${this.n?.state==="failed"&&!this.w?this.n.text:""}
      ></div>`}get me(){let{answered_at:t,price_per_minute:i}=this.call;return!t||!i?"":this.formats.money(i*re(this.call,this.now)/60)}ue(t){let i=Ot(this.call);if(!i||!this.hasHistory)return c`<bdi class="name cut">${t}</bdi>`;let o=this.e("calls_with",{who:t});return c`<button class="name cut" aria-label=${o} @click=${()=>{E(this,"odorik-filter",jt(i))}}>
      <bdi>${t}</bdi>
    </button>`}fe(t){return c`<button
      class="end"
      aria-label=${this.e("hang_up_call",{who:t})}
      ?disabled=${!this.desk.isOnline}
      @click=${this.pe}
    >
      ${v("mdi:phone-hangup")}<span>${this.e("hang_up")}</span>
    </button>`}ge(){let t=this.n?.state==="pending",i=()=>{E(this,"odorik-hang-up",this.call)};return c`<div class="sure" @keydown=${this.lt}>
      <span>${this.e("hang_up_really")}</span>
      <button ?disabled=${t} @click=${this.mt}>${this.e("cancel")}</button>
      <button class="end" ?disabled=${t||!this.desk.isOnline} @click=${i}>
        <span>${t?this.n.text:this.e("hang_up")}</span>
      </button>
    </div>`}};O.styles=[...x.styles,ti],l([u({attribute:!1})],O.prototype,"call",2),l([u({attribute:!1})],O.prototype,"now",2),l([u({attribute:!1})],O.prototype,"desk",2),l([u({attribute:!1})],O.prototype,"hasHistory",2),l([A()],O.prototype,"w",2),O=l([$("odorik-live-call")],O);var ei=_`
  .row {
    padding: 10px 12px;
    border-radius: 12px;
    background: var(--soft);
  }
  ha-icon {
    color: var(--accent);
  }
`;var rt=class extends k{constructor(){super(...arguments);this.text=""}render(){return c`<div class="row" role="status">
      ${v("mdi:phone-off")}<span>${this.text}</span>
    </div>`}};rt.styles=[K,ei],l([u({attribute:!1})],rt.prototype,"text",2),rt=l([$("odorik-notice")],rt);var F=class extends k{constructor(){super(...arguments);this.b={type:`custom:${Y}`,hide:[]};this.g="";this.ft=[];this.gt="";this.J=new Kt(this);this.x=new It(this,t=>this.rt(t),t=>this.at(t));this.f=new Nt(this,this);this.Wt=new ResizeObserver(()=>{let{clientWidth:t}=this;this.g=Ve(t),this.style.setProperty("--card-width",`${t}px`)})}connectedCallback(){super.connectedCallback(),this.Wt.observe(this)}disconnectedCallback(){super.disconnectedCallback(),this.Wt.disconnect()}static getStubConfig(){return{}}static getConfigForm(){return Ke(document.documentElement.lang)}setConfig(t){let i=t.hide??[];if(!Array.isArray(i)||i.some(o=>!ft.includes(o)))throw new Error(`hide: a list of ${ft.join(", ")}`);t.config_entry_id!==this.b.config_entry_id&&(this.a=void 0,this.x.clear()),this.b={type:`custom:${Y}`,...t,hide:i},this.i&&this.f.tune(this.i.connection,this.b.config_entry_id)}getCardSize(){return 10}getGridOptions(){return{columns:12,min_columns:6,rows:10,min_rows:5}}set hass(t){let i=this.i;this.i=t,(i?.locale!==t.locale||i.formatEntityState!==t.formatEntityState)&&(this.s=new Ut(t),this.requestUpdate()),Object.values(this.a?.figures??{}).some(r=>i?.states[r]!==t.states[r])&&this.requestUpdate(),this.f.tune(t.connection,this.b.config_entry_id)}accountTold(t,i){i?.config_entry_id!==t.config_entry_id&&this.x.clear(),t.state==="loaded"&&(this.a=t,this.x.catchUp(t.place))}callRecorded(t){this.x.add(t)}connectionRegained(){this.x.forget()}rt(t){let i=this.f.account;if(!this.i||i?.state!=="loaded"||this.G("history"))return;let o={type:`${y}/history`,config_entry_id:i.config_entry_id,...t};return this.i.connection.sendMessagePromise(o)}at(t){let i=this.s.say("history_failed");return this.i?gt(this.i,t,i):Promise.resolve(i)}ye({detail:t}){this.i&&this.a&&this.J.order(this.i,this.a,t)}ve({detail:t}){this.i&&this.a&&this.J.hangUp(this.i,this.a,t)}be({detail:t}){if(!this.i||!this.a)return;this.J.tick(this.i,this.a,t)||Q(this,"hass-notification",{message:this.s.say("failed")})}_e({detail:t}){this.x.show(t)}$e({detail:t}){this.x.read(t.isMore)}async xe({detail:t}){let i=await Ie(t);Q(this,"hass-notification",{message:this.s.say(i?"copied":"failed",{number:t})})}G(t){return this.b.hide.includes(t)}willUpdate(){let{calls:t,isWatching:i}=this.f;t!==this.ft&&(this.gt=this.we(t),this.ft=t),clearTimeout(this.It);let o=t.length?1e3:6e4-Date.now()%6e4;i&&(this.It=setTimeout(()=>{this.requestUpdate()},o)),this.ke()}ke(){let{isOnline:t}=this.f,{outcomes:i,lastCaller:o}=this.J,{a:r,Z:n}=this;!r||n?.account===r&&n.isOnline===t&&n.outcomes===i||(this.Z={account:r,isOnline:t,outcomes:i,lastCaller:o})}we(t){let i=new Set(this.ft.map(r=>r.active_call_id)),o=t.find(r=>!r.answered_at&&!i.has(r.active_call_id));return o?`${this.s.say(Ht(o))}: ${M(o,this.s)}`:t.length?this.gt:""}get Ae(){let{account:t,isOnline:i,isReachable:o}=this.f;return i?t&&t.state!=="loaded"?t.state:t&&!o?"unreachable":void 0:"lost"}render(){if(!this.i)return h;let{account:t}=this.f,{Ae:i}=this,o=!t||t.state==="loaded";return c`<ha-card
      class=${this.g}
      aria-busy=${String(!t)}
      @odorik-order=${this.ye}
      @odorik-hang-up=${this.ve}
      @odorik-tick=${this.be}
      @odorik-filter=${this._e}
      @odorik-read=${this.$e}
      @odorik-copy=${this.xe}
    >
      ${this.b.title?c`<h2>${this.b.title}</h2>`:h}
      <div class="sr" role="alert">${this.gt}</div>
      <odorik-notice
        ?hidden=${!i}
        .text=${i?this.s.say(i,{title:t?.title}):""}
      ></odorik-notice>
      ${this.Ce()}
      <odorik-figures
        ?hidden=${!o}
        .size=${this.g}
        .figures=${o?this.Ee():[]}
      ></odorik-figures>
      ${this.a?.may_control&&!this.G("dial")?this.Se(o):h}
      ${this.G("history")?h:this.Re(o)}
    </ha-card>`}Ce(){let{calls:t,skew:i}=this.f,o=Date.now()+i;return c`<ul class="now" aria-label=${this.s.say("now")} ?hidden=${!t.length}>
      ${Mt(He(t),r=>r.active_call_id,r=>c`<li class=${r.answered_at?"":"ringing"}>
            <odorik-live-call
              .formats=${this.s}
              .size=${this.g}
              .call=${r}
              .now=${o}
              .desk=${this.Z}
              .hasHistory=${!this.G("history")}
            ></odorik-live-call>
          </li>`)}
    </ul>`}Ee(){return ne.filter(t=>!this.G(t)).flatMap(t=>{let i=this.i?.states[this.a?.figures[t]??""];return this.i&&i?[Qe(t,i,this.s.say(t),this.i.formatEntityState(i))]:[]})}Se(t){return c`<odorik-dial
      ?hidden=${!t}
      .formats=${this.s}
      .desk=${this.Z}
    ></odorik-dial>`}Re(t){let i=["grid","panel"].includes(this.layout??"")&&this.b.grid_options?.rows!=="auto",{x:o}=this;return c`<odorik-history
      class="history"
      ?hidden=${!t}
      ?filled=${i}
      .formats=${this.s}
      .size=${this.g}
      .filter=${o.filter}
      .rows=${o.rows}
      .waiting=${this.f.waiting}
      .hasMore=${o.before!==null}
      .isReading=${o.isReading||!this.f.account}
      .trouble=${o.trouble}
      .today=${this.s.dayKey(new Date)}
      .desk=${this.Z}
    ></odorik-history>`}};F.styles=[K,Be],l([u({attribute:!1})],F.prototype,"layout",2),l([A()],F.prototype,"b",2),l([A()],F.prototype,"g",2),F=l([$(Y)],F);function yt(s){return s?.config_entry_id??s?.primary_config_entry??s?.config_entries?.[0]}var Li=s=>s.name_by_user??s.name??"";function ii(s){let e=new Map;for(let{entity_id:i,platform:o,device_id:r,translation_key:n}of Object.values(s.entities)){let d=s.devices[r??""];o!==y||!d||!n||!s.states[i]||e.set(d,{...e.get(d),[n]:i})}let t=[...e].map(([i,o])=>({device:i,entities:o,name:Li(i)}));return t.sort((i,o)=>i.name.localeCompare(o.name,s.locale.language)),t.filter(({device:i})=>!i.via_device_id).map(({device:i,entities:o,name:r})=>({id:yt(i)??"",user:(i.identifiers?.[0]?.[1]??"").toLowerCase().replace(/[^a-z\d]+/g,"_"),title:r,entities:o,lines:t.filter(n=>n.device.via_device_id===i.id)}))}var oi=_`
  :host {
    display: block;
  }
  button {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    width: 100%;
    height: var(--feature-height, 42px);
    border: 0;
    border-radius: var(--feature-border-radius, 12px);
    cursor: pointer;
    font: inherit;
    font-weight: 500;
    color: white;
  }
  .call {
    background: #2a6a2d;
  }
  .end {
    background: #b3372b;
  }
  @supports (color: color-mix(in srgb, red, red)) {
    .call {
      background: color-mix(in srgb, var(--success-color) 62%, black);
    }
    .end {
      background: color-mix(in srgb, var(--error-color) 82%, black);
    }
  }
  button:disabled {
    cursor: default;
    opacity: 0.5;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    flex: none;
  }
`;function si(s,{entity_id:e},t){let i=s.entities[e??""];return i?.platform===y&&i.translation_key===t}var H=class extends k{setConfig(){}e(e,t){return C(this.hass?.locale.language,e,t)}get Kt(){let e=this.hass?.entities[this.context?.entity_id??""];return this.hass?.devices[e?.device_id??""]}Te(){let e=this.yt();if(!e)return;let t={action:"perform-action",perform_action:`${y}.${e.action}`,data:{config_entry_id:yt(this.Kt),...e.data},confirmation:{text:e.question}};Q(this,"hass-action",{config:{tap_action:t},action:"tap"})}render(){if(!this.stateObj)return h;let e=this.Ft();return c`<button class=${e.name} ?disabled=${!this.yt()} @click=${this.Te}>
      ${v(e.icon)}${e.text}
    </button>`}};H.styles=oi,l([u({attribute:!1})],H.prototype,"hass",2),l([u({attribute:!1})],H.prototype,"context",2),l([u({attribute:!1})],H.prototype,"stateObj",2);var qt=`${y}-call-back`,Ft=class extends H{static getStubConfig(){return{type:`custom:${qt}`}}yt(){let{number:e,name:t}=this.stateObj?.attributes??{};if(typeof e!="string")return;let i=typeof t=="string"?t:Lt(e);return{action:"callback",data:{recipient:e},question:`${this.e("call_back",{who:i})}?`}}Ft(){return{name:"call",icon:"mdi:phone",text:this.e("call_back_last")}}};Ft=l([$(qt)],Ft);var Bt=`${y}-hang-up`,Vt=class extends H{static getStubConfig(){return{type:`custom:${Bt}`}}yt(){let[e,t]=this.stateObj?.attributes.calls??[];if(!e)return;let i="hangup";if(!t)return{action:i,data:{active_call_id:e.active_call_id},question:this.e("hang_up_really")};let o=this.Kt?.via_device_id?{line:e.line}:{all:!0};return{action:i,data:o,question:this.e("hang_up_all_really")}}Ft(){return{name:"end",icon:"mdi:phone-hangup",text:this.e("hang_up")}}};Vt=l([$(Bt)],Vt);async function ri(){let{href:s,search:e}=new URL(import.meta.url);return await import(new URL(`odorik-strategies.js${e}`,s).href)}var nt=class extends HTMLElement{static async generate(e,t){return(await ri()).dashboard(t)}static getCreateSuggestions(){return{title:"Odorik",icon:"mdi:phone"}}};nt.noEditor=!0,nt.registryDependencies=["entities","devices"];var vt=class extends HTMLElement{static async generate(e,t){return(await ri()).section(e,t)}static getStubConfig(){return{type:`custom:${y}`}}};vt.registryDependencies=["entities","devices"];var ji="https://github.com/odorik-homeassistant/odorik";function bt(s,e,t,i){let o=r=>C(document.documentElement.lang,r);return{...i,type:s,documentationURL:ji,get name(){return o(e)},get description(){return o(t)}}}function Ni(s,e){let t=s.entities[e];if(t?.platform!==y)return null;let i=ii(s).length>1?{config_entry_id:yt(s.devices[t.device_id??""])}:{};return{config:{type:`custom:${Y}`,...i}}}function ni(s){return(e,t)=>si(e,t,s)}customElements.define(`ll-strategy-dashboard-${y}`,nt);customElements.define(`ll-strategy-section-${y}`,vt);(window.customCards??=[]).push(bt(Y,"card","description",{preview:!0,getEntitySuggestion:Ni}));(window.customStrategies??=[]).push(bt(y,"dashboard","dashboard_description",{strategyType:"dashboard"}),bt(y,"section","description",{strategyType:"section"}));(window.customCardFeatures??=[]).push(bt(qt,"call_back_last","description",{isSupported:ni("last_missed_call")}),bt(Bt,"hang_up","description",{isSupported:ni("active_calls")}));
